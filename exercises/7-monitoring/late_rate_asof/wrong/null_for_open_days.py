"""Keeps unfinished days in the answer, with a null.

rejected by: test_rates_of_finished_days, test_no_finished_day
"""

import pandas as pd


def late_rate_asof(flights, now):
    flights = flights.reset_index(drop=True)
    due = pd.concat(
        [
            pd.Series(dtype="datetime64[us, UTC]"),
            *(
                rows["due"].dt.tz_localize(zone).dt.tz_convert("UTC")
                for zone, rows in flights.groupby("zone")
            ),
        ]
    ).reindex(flights.index)
    late = ~(flights["landed"] - due < pd.Timedelta(minutes=15))
    over = due + pd.Timedelta(hours=3) <= now
    finished = over.groupby(flights["day"]).transform("all").astype(bool)
    return late.astype(float).where(finished).groupby(flights["day"]).mean()
