"""Looks for higher late rates only.

rejected by: test_a_changed_world, test_july_rates_in_january
"""

import pandas as pd


def diagnose(ref, cur):
    same = ref[ref["date"].dt.month == cur["date"].dt.month.iloc[0]]
    if any(cur[c].isna().mean() >= 0.5 for c in ("sched_min", "distance", "temp", "carrier")):
        return "null"
    if (~cur["carrier"].dropna().isin(ref["carrier"].dropna())).mean() >= 0.25:
        return "category"
    celsius = (same["temp"].mean() - 32) / 1.8
    if abs(cur["temp"].mean() - celsius) < abs(cur["temp"].mean() - same["temp"].mean()):
        return "unit"
    if cur["distance"].mean() / same["distance"].mean() > 1.3:
        return "unit"
    if (cur["sched_min"] < 300).any():
        return "clock"
    if cur["late"].mean() - same["late"].mean() >= 0.1:
        return "change"
    if abs(cur["temp"].mean() - ref["temp"].mean()) >= 10:
        return "season"
    return "fine"
