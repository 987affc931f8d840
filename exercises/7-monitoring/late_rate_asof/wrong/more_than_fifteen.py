"""Calls a flight late from more than 15 minutes on.

rejected by: test_the_example_on_the_next_day, test_fifteen_minutes_are_late
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
    late = ~(flights["landed"] - due <= pd.Timedelta(minutes=15))
    over = due + pd.Timedelta(hours=3) <= now
    finished = over.groupby(flights["day"]).transform("all").astype(bool)
    return late[finished].groupby(flights["day"][finished]).mean()
