"""Reports the finished flights of days that are not finished.

rejected by: test_the_example_waits_for_honolulu, test_a_half_finished_day_is_not_reported,
test_rates_of_finished_days
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
    finished = over
    return late[finished].groupby(flights["day"][finished]).mean()
