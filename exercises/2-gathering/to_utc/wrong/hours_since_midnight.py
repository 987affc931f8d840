"""Puts the zone on midnight and adds the reading as a duration, on days of 23 and 25 hours too.

rejected by: test_the_rest_of_that_day, test_days_of_23_and_25_hours, test_an_hour_that_never_was
"""

import numpy as np
import pandas as pd


def to_utc(date, hhmm, tz, second=None):
    rows = pd.DataFrame({"date": date, "hhmm": hhmm.astype("Int64")})
    rows["tz"], rows["second"] = tz, second
    rows = rows.set_axis(range(len(rows))).astype({"second": "boolean"})
    minute = rows["hhmm"] % 100
    is_time = rows["hhmm"].between(0, 2400) & (minute < 60)
    minutes = (rows["hhmm"] // 100 * 60 + minute).where(is_time)
    local = rows["date"] + pd.to_timedelta(0, unit="min")
    since = pd.to_timedelta(minutes, unit="min")
    answers = pd.Series(pd.NaT, index=rows.index, dtype="datetime64[us, UTC]")
    for zone, part in local.groupby(rows["tz"]):
        late = rows["second"][part.index]
        try:
            first, last = (
                part.dt.tz_localize(zone, ambiguous=np.full(len(part), early), nonexistent="NaT")
                for early in (True, False)
            )
        except KeyError:
            raise ValueError(f"unknown zone {zone}") from None
        sure = (first == last) | ~late.fillna(True)
        answers[part.index] = (
            first.where(sure, last.where(late.fillna(False))).dt.tz_convert("UTC")
            + since[part.index]
        )
    return answers.set_axis(date.index)
