"""Takes the first of two instants, whatever `second` says.

rejected by: test_an_hour_that_was_twice, test_second_chooses_between_two,
test_second_may_be_plain_bool
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
    local = rows["date"] + pd.to_timedelta(minutes, unit="min")
    answers = pd.Series(pd.NaT, index=rows.index, dtype="datetime64[us, UTC]")
    for zone, part in local.groupby(rows["tz"]):
        try:
            first, _ = (
                part.dt.tz_localize(zone, ambiguous=np.full(len(part), early), nonexistent="NaT")
                for early in (True, False)
            )
        except KeyError:
            raise ValueError(f"unknown zone {zone}") from None
        answers[part.index] = first.dt.tz_convert("UTC")
    return answers.set_axis(date.index)
