"""Returns the right columns, sorted, so that the caller's order is lost.

rejected by: test_the_order_is_the_catalogs, test_the_example_at_two_hours, test_any_catalog
"""


def usable_columns(catalog, lead):
    usable = set()
    for _ in catalog:
        for name, entry in catalog.items():
            parents = entry.get("made_from") or []
            if "known" not in entry and not parents:
                continue
            own = entry.get("known", lead)
            if own is not None and own >= lead and usable.issuperset(parents):
                usable.add(name)
    return sorted(usable, reverse=True)
