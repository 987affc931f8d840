"""Fills the answers in by label, which goes wrong when labels repeat.

rejected by: test_labels_and_order_stay, test_any_reading_in_any_zone
"""

import numpy as np
import pandas as pd


def to_utc(date, hhmm, tz, second=None):
    rows = pd.DataFrame({"date": date, "hhmm": hhmm.astype("Int64")})
    rows["tz"], rows["second"] = tz, second
    rows = rows.astype({"second": "boolean"})
    minute = rows["hhmm"] % 100
    is_time = rows["hhmm"].between(0, 2400) & (minute < 60)
    minutes = (rows["hhmm"] // 100 * 60 + minute).where(is_time)
    local = rows["date"] + pd.to_timedelta(minutes, unit="min")
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
        answers.loc[part.index] = first.where(sure, last.where(late.fillna(False))).dt.tz_convert(
            "UTC"
        )
    return answers.set_axis(date.index)
