"""Forgets that a derived column can be late by itself, as when a slow job makes it.

rejected by: test_own_date_and_parents_both_count, test_what_nobody_dated_is_refused,
test_any_catalog
"""


def usable_columns(catalog, lead):
    usable = set()
    for _ in catalog:
        for name, entry in catalog.items():
            parents = entry.get("made_from") or []
            if parents:
                there = usable.issuperset(parents)
            else:
                own = entry.get("known")
                there = own is not None and own >= lead
            if there:
                usable.add(name)
    return [name for name in catalog if name in usable]
