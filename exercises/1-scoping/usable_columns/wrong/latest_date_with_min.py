"""Takes the smallest date of all, and lets NaN slip through, because a NaN is never smaller.

rejected by: test_what_nobody_dated_is_refused
"""


def usable_columns(catalog, lead):
    usable = set()
    for _ in catalog:
        for name, entry in catalog.items():
            parents = entry.get("made_from") or []
            if "known" not in entry and not parents:
                continue
            own = entry.get("known", lead)
            if own is not None and not own < lead and usable.issuperset(parents):
                usable.add(name)
    return [name for name in catalog if name in usable]
