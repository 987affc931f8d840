"""Asks every parent in turn, and never comes back from a circle.

rejected by: test_circles_are_refused
"""

from functools import cache


def usable_columns(catalog, lead):
    @cache
    def there(name):
        entry = catalog.get(name, {})
        parents = entry.get("made_from") or []
        if "known" not in entry and not parents:
            return False
        own = entry.get("known", lead)
        return own is not None and own >= lead and all(there(parent) for parent in parents)

    return [name for name in catalog if there(name)]
