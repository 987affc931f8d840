"""Counts flight by flight, in plain Python."""

import pandas as pd


def late_share(flights, minutes):
    late = known = 0
    for delay in flights["arr_delay"]:
        if pd.isna(delay):
            continue
        known += 1
        if delay >= minutes:
            late += 1
    return late / known if known else None
