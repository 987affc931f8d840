"""Drops flights that never land before anything else.

rejected by: test_never_landed_is_late, test_cancelled_flights_keep_a_day_open
"""

import pandas as pd


def late_rate_asof(flights, now):
    flights = flights.dropna(subset="landed").reset_index(drop=True)
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
    return late[finished].groupby(flights["day"][finished]).mean()
