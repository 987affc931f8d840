"""Checks that the columns are there and of the right type, which 2023 passed too.

rejected by: test_a_wrong_clock_is_seen, test_celsius_is_reported, test_a_made_up_gust_is_reported,
test_codes_in_lower_case_are_reported, test_exchanged_columns_are_reported,
test_delays_of_flights_that_never_left_are_reported, test_a_wrong_clock_is_reported_all_year
"""

import pandas as pd

COLUMNS = ["date", "hour", "time_hour", "carrier", "flight", "tailnum", "origin", "dest"]
COLUMNS += ["distance", "dep_delay", "arr_delay"]
COLUMNS += ["temp", "dewp", "wind_speed", "wind_gust", "pressure"]


def report(df):
    """Return what is wrong with a delivery: a dict from column (or "rows") to reasons."""
    faults, usable = {}, set()
    texts = ["carrier", "tailnum", "origin", "dest"]
    for column in COLUMNS:
        if column not in df.columns:
            faults[column] = "is missing"
        elif column in ("date", "time_hour") and not pd.api.types.is_datetime64_any_dtype(
            df[column]
        ):
            faults[column] = f"holds {df[column].dtype}, not times"
        elif column not in ("date", "time_hour", *texts) and not pd.api.types.is_numeric_dtype(
            df[column]
        ):
            faults[column] = f"holds {df[column].dtype}, not numbers"
        else:
            usable.add(column)

    def expect(column, needs, rule, reason):
        if usable.issuperset(needs.split()) and not rule(df):
            faults.setdefault(column, reason)

    def clock_agrees(t):
        return (t["time_hour"].dt.tz_convert("America/New_York").dt.hour == t["hour"]).all()

    return faults
