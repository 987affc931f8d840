"""Asks for more than the lead, so that what is known just in time is lost.

rejected by: test_exactly_at_the_lead_is_early_enough, test_exactly_at_the_lead_is_usable,
test_leads_after_departure_work, test_any_catalog
"""


def usable_columns(catalog, lead):
    usable = set()
    for _ in catalog:
        for name, entry in catalog.items():
            parents = entry.get("made_from") or []
            if "known" not in entry and not parents:
                continue
            own = entry.get("known", lead + 1)
            if own is not None and own > lead and usable.issuperset(parents):
                usable.add(name)
    return [name for name in catalog if name in usable]
