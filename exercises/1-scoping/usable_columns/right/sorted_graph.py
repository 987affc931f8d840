"""Cuts the circles off, puts the rest into an order with graphlib, and dates column by column."""

from graphlib import CycleError, TopologicalSorter

NEVER = float("-inf")


def usable_columns(catalog, lead):
    graph = {name: set(entry.get("made_from", ())) for name, entry in catalog.items()}
    in_circles = set()
    while True:
        try:
            order = list(TopologicalSorter(graph).static_order())
            break
        except CycleError as error:
            in_circles.update(error.args[1])
            graph = {name: parents for name, parents in graph.items() if name not in in_circles}
    when = {}
    for name in order:
        entry = catalog.get(name, {}) if name not in in_circles else {}
        dates = [when[parent] for parent in entry.get("made_from", ())]
        if "known" in entry:
            own = entry["known"]
            dates.append(NEVER if own is None or own != own else own)
        when[name] = min(dates, default=NEVER)
    return [name for name in catalog if when.get(name, NEVER) >= max(lead, -1e300)]
