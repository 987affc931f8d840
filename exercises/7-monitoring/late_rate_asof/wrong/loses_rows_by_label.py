"""Aligns by index labels, which repeat.

rejected by: test_rates_of_finished_days, test_now_may_be_in_any_zone
"""

import pandas as pd


def late_rate_asof(flights, now):
    flights = flights[~flights.index.duplicated()]
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
