"""Compares each row with all rows of its key: right, and far too slow for a real table.

rejected by: test_real_flights_of_2013
"""

import numpy as np
import pandas as pd


def past_mean(df, key, time, y, known_after):
    means = []
    for row in range(len(df)):
        now = df[time].iloc[row]
        same = (df[key] == df[key].iloc[row]).fillna(False)
        past = same & (df[time] + known_after < now) & df[y].notna()
        means.append(df.loc[past.to_numpy(dtype=bool), y].mean())
    return pd.Series(np.array(means, dtype="float64"), index=df.index)
