"""Asks parents before children, remembers every answer, and counts a column in progress as no."""

import math


def usable_columns(catalog, lead):
    answers = {}

    def there(name):
        if name not in answers:
            answers[name] = False  # a circle comes back here
            answers[name] = name in catalog and works_out(catalog[name])
        return answers[name]

    def works_out(entry):
        parents = entry.get("made_from", [])
        known = entry.get("known", math.inf if parents else math.nan)
        known = math.nan if known is None else known
        return known >= lead and all([there(parent) for parent in parents])

    return list(filter(there, catalog))
