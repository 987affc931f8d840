"""Takes a column without a date for one that was there all along.

rejected by: test_unknown_is_refused, test_what_nobody_dated_is_refused, test_any_catalog
"""

import math


def usable_columns(catalog, lead):
    usable = set()
    for _ in catalog:
        for name, entry in catalog.items():
            own = entry.get("known")
            if own is None or math.isnan(own):
                own = math.inf
            if own >= lead and usable.issuperset(entry.get("made_from", [])):
                usable.add(name)
    return [name for name in catalog if name in usable]
