"""Writes the date of every derived column into the caller's catalog.

rejected by: test_the_catalog_is_left_alone
"""

import math


def usable_columns(catalog, lead):
    usable = set()
    for _ in catalog:
        for name, entry in catalog.items():
            parents = entry.setdefault("made_from", [])
            own = entry.get("known", math.inf if parents else None)
            if own is not None and own >= lead and usable.issuperset(parents):
                usable.add(name)
    return [name for name in catalog if name in usable]
