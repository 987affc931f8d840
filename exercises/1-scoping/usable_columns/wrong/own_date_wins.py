"""Believes a derived column's own date and does not ask its parents.

rejected by: test_own_date_and_parents_both_count, test_any_catalog
"""


def usable_columns(catalog, lead):
    usable = set()
    for _ in catalog:
        for name, entry in catalog.items():
            parents = entry.get("made_from") or []
            if "known" in entry:
                there = entry["known"] is not None and entry["known"] >= lead
                if name in parents:
                    there = False
            else:
                there = bool(parents) and usable.issuperset(parents)
            if there:
                usable.add(name)
    return [name for name in catalog if name in usable]
