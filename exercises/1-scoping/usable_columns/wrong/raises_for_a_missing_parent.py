"""Looks every parent up and raises a KeyError for one that is not listed.

rejected by: test_a_parent_that_is_not_listed_is_refused
"""


def usable_columns(catalog, lead):
    def when(name, above):
        if name in above:
            return None
        entry = catalog[name]
        dates = [entry["known"]] if "known" in entry else []
        if name not in memory:
            dates += [when(parent, above | {name}) for parent in entry.get("made_from") or []]
            late = not dates or any(date is None or date != date for date in dates)
            memory[name] = None if late else min(dates)
        return memory[name]

    memory = {}
    dates = {name: when(name, frozenset()) for name in catalog}
    return [name for name, date in dates.items() if date is not None and date >= lead]
