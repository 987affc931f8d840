"""Groups by month, and finds the clock by the hours of the day at which flights leave."""

import pandas as pd


def diagnose(ref, cur):
    inputs = cur[["sched_min", "distance", "temp", "carrier"]]
    if inputs.isna().mean().max() >= 0.5:
        return "null"
    unseen = set(cur["carrier"].dropna()) - set(ref["carrier"].dropna())
    share = cur["carrier"].value_counts(normalize=True)
    if share[share.index.isin(list(unseen))].sum() >= 0.25:
        return "category"
    by_month = ref.groupby(ref["date"].dt.month)[["temp", "distance", "late"]].mean()
    then = by_month.loc[cur["date"].iloc[-1].month]
    now = cur[["temp", "distance", "late"]].mean()
    if then["temp"] - now["temp"] > 12 or now["distance"] > 1.35 * then["distance"]:
        return "unit"
    hours = set((cur["sched_min"].dropna() // 60).astype(int))
    if hours & {0, 1, 2, 3, 4}:
        return "clock"
    if round(abs(now["late"] - then["late"]), 9) >= 0.1:
        return "change"
    return "season" if abs(now["temp"] - ref["temp"].mean()) >= 10 else "fine"
