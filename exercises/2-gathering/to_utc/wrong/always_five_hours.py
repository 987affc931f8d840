"""Adds five hours, as if it were always winter in New York.

rejected by: test_a_zone_is_not_a_number_of_hours, test_summer_and_winter,
test_each_row_has_its_zone, test_real_flights
"""

import pandas as pd


def to_utc(date, hhmm, tz, second=None):
    rows = pd.DataFrame({"date": date, "hhmm": hhmm.astype("Int64")})
    rows["tz"], rows["second"] = tz, second
    rows = rows.set_axis(range(len(rows))).astype({"second": "boolean"})
    minute = rows["hhmm"] % 100
    is_time = rows["hhmm"].between(0, 2400) & (minute < 60)
    minutes = (rows["hhmm"] // 100 * 60 + minute).where(is_time)
    local = rows["date"] + pd.to_timedelta(minutes, unit="min")
    answers = (local + pd.Timedelta(hours=5)).dt.tz_localize("UTC").where(rows["tz"].notna())
    return answers.set_axis(date.index)
