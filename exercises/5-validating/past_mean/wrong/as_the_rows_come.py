"""Runs its totals in the order of the rows, as if the table were sorted by time.

rejected by: test_each_row_gets_the_mean_of_its_past, test_the_order_of_rows_does_not_matter
"""

import pandas as pd


def past_mean(df, key, time, y, known_after):
    sums, last = {}, []
    for k, t, value in zip(df[key], df[time], df[y], strict=True):
        past = [v for at, v in sums.get(k, []) if at + known_after < t]
        last.append(sum(past) / len(past) if past and not pd.isna(k) else float("nan"))
        if not (pd.isna(value) or pd.isna(t) or pd.isna(k)):
            sums.setdefault(k, []).append((t, float(value)))
    return pd.Series(last, index=df.index, dtype="float64")
