"""Takes a flight for finished as soon as it has landed.

rejected by: test_a_half_finished_day_is_not_reported, test_rates_of_finished_days
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
    over = (due + pd.Timedelta(hours=3) <= now) | (flights["landed"] <= now)
    finished = over.groupby(flights["day"]).transform("all").astype(bool)
    return late[finished].groupby(flights["day"][finished]).mean()
