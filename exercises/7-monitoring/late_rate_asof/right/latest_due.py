"""Finds each day's last due moment first, then scores the days that have passed it."""

import numpy as np
import pandas as pd


def late_rate_asof(flights, now):
    table = flights[["day", "zone"]].reset_index(drop=True)
    stamps = [
        clock.tz_localize(zone).tz_convert("UTC")
        for clock, zone in zip(flights["due"], flights["zone"])
    ]
    table["due"] = pd.to_datetime(pd.Series(stamps, dtype=object), utc=True)
    delay = flights["landed"].reset_index(drop=True) - table["due"]
    minutes = delay / pd.Timedelta("1min")
    table["late"] = np.where(minutes.isna(), 1.0, (minutes >= 15).astype(float))
    days = table.groupby("day").agg(last=("due", "max"), rate=("late", "mean"))
    return days.loc[days["last"] <= now - pd.Timedelta(hours=3), "rate"]
