"""Dicts and loops, and the statistics module."""

import statistics
from collections import defaultdict


def promote(old, new, log, min_days=14, max_gap=0.02, min_rows=100, max_loss=0.005):
    before, after = old.to_dict(), new.to_dict()
    by_day, by_carrier, said, was = defaultdict(list), defaultdict(list), [], []
    for id, day, carrier, late in zip(log.index, log["day"], log["carrier"], log["late"]):
        if late != late or id not in before or id not in after:
            continue
        gain = (before[id] - late) ** 2 - (after[id] - late) ** 2
        by_day[day].append(gain)
        by_carrier[carrier].append(gain)
        said.append(after[id])
        was.append(late)
    if len(by_day) < min_days:
        return "keep", ["too few days"]
    days = [statistics.fmean(gains) for gains in by_day.values()]
    bound = statistics.fmean(days) - 2 * statistics.stdev(days) / len(days) ** 0.5
    reasons = set()
    if bound <= 0:
        reasons.add("not better")
    if not -max_gap <= statistics.fmean(said) - statistics.fmean(was) <= max_gap:
        reasons.add("not calibrated")
    for carrier, gains in by_carrier.items():
        if len(gains) >= min_rows and sum(gains) / len(gains) < -max_loss:
            reasons.add(f"worse for {carrier}")
    return ("keep" if reasons else "promote"), sorted(reasons)
