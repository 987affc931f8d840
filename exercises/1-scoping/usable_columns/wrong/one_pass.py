"""Walks the catalog once, from top to bottom, and misses parents that stand further down.

rejected by: test_the_order_is_the_catalogs, test_long_chains_and_many_paths, test_any_catalog
"""


def usable_columns(catalog, lead):
    usable = []
    for name, entry in catalog.items():
        parents = entry.get("made_from") or []
        if "known" not in entry and not parents:
            continue
        own = entry.get("known", lead)
        if own is not None and own >= lead and all(parent in usable for parent in parents):
            usable.append(name)
    return usable
