"""Counts the flights that have landed by now, which are the punctual ones.

rejected by: test_rates_of_finished_days,
test_the_future_changes_nothing, test_a_half_finished_day_is_not_reported
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
    finished = flights["landed"] <= now
    return late[finished].groupby(flights["day"][finished]).mean()
