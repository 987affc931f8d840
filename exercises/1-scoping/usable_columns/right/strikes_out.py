"""Starts with all columns and strikes out, until every one that is left can be made."""


def usable_columns(catalog, lead):
    ready, waiting = [], dict(catalog)
    grows = True
    while grows:
        grows = False
        for name, entry in list(waiting.items()):
            parents = entry.get("made_from", [])
            dated = "known" in entry
            if not dated and not parents:
                del waiting[name]
            elif dated and (entry["known"] is None or not entry["known"] >= lead):
                del waiting[name]
            elif all(parent in ready for parent in parents):
                ready.append(name)
                del waiting[name]
                grows = True
    return [name for name in catalog if name in ready]
