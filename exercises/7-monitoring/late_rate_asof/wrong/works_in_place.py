"""Writes its moments into the table that it was given.

rejected by: test_the_table_is_not_changed
"""

import pandas as pd


def late_rate_asof(flights, now):
    flights["due_copy"] = flights["due"]
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
    return late[finished].groupby(flights["day"][finished]).mean()
