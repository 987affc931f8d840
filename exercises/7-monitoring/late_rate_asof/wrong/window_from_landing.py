"""Opens the window at the landing, which a cancelled flight never has.

rejected by: test_the_clock_at_the_destination_counts
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
    over = flights["landed"].fillna(due) + pd.Timedelta(hours=3) <= now
    finished = over.groupby(flights["day"]).transform("all").astype(bool)
    return late[finished].groupby(flights["day"][finished]).mean()
