"""Looks at a column's own date and never at what it is made from.

rejected by: test_a_column_is_as_late_as_its_latest_parent, test_own_date_and_parents_both_count,
test_a_late_grandparent_is_enough, test_circles_are_refused
"""


def usable_columns(catalog, lead):
    usable = []
    for name, entry in catalog.items():
        own = entry.get("known", lead) if entry.get("made_from") else entry.get("known")
        if own is not None and own >= lead:
            usable.append(name)
    return usable
