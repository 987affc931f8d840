"""Walks through time once, with a queue of outcomes that wait until they are known."""

import heapq

import pandas as pd


def past_mean(df, key, time, y, known_after):
    ticks = (df[time] - df[time].min()) / pd.Timedelta(microseconds=1)
    lag = known_after / pd.Timedelta(microseconds=1)
    has_key = df[key].notna().tolist()
    rows = [
        (t, n, k, value)
        for n, (t, k, value) in enumerate(
            zip(ticks.tolist(), df[key].tolist(), df[y].astype("float64").tolist(), strict=True)
        )
        if has_key[n] and t == t
    ]
    rows.sort(key=lambda row: row[:2])
    waiting, sums, counts = [], {}, {}
    means = [float("nan")] * len(df)
    for t, n, k, value in rows:
        while waiting and waiting[0][0] < t:
            _, _, old_key, old_value = heapq.heappop(waiting)
            sums[old_key] = sums.get(old_key, 0.0) + old_value
            counts[old_key] = counts.get(old_key, 0) + 1
        if counts.get(k):
            means[n] = sums[k] / counts[k]
        if value == value:
            heapq.heappush(waiting, (t + lag, n, k, value))
    return pd.Series(means, index=df.index, dtype="float64")
