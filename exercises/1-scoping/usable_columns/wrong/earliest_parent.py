"""Dates a derived column by its earliest parent: any one that is there will do.

rejected by: test_the_example_at_two_hours, test_one_late_parent_is_enough, test_any_catalog
"""


def usable_columns(catalog, lead):
    usable = set()
    for _ in catalog:
        for name, entry in catalog.items():
            parents = entry.get("made_from") or []
            if "known" not in entry and not parents:
                continue
            own = entry.get("known", lead)
            there = not parents or any(parent in usable for parent in parents)
            if own is not None and own >= lead and there:
                usable.add(name)
    return [name for name in catalog if name in usable]
