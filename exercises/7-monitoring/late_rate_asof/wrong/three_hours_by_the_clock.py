"""Adds the three hours to the local clock before it becomes a moment: wrong when clocks change.

rejected by: test_three_hours_have_passed
"""

import pandas as pd


def late_rate_asof(flights, now):
    flights = flights.reset_index(drop=True)
    parts = []
    for zone, rows in flights.groupby("zone"):
        over = (rows["due"] + pd.Timedelta(hours=3)).dt.tz_localize(
            zone, ambiguous="NaT", nonexistent="shift_forward"
        )
        due = rows["due"].dt.tz_localize(zone).dt.tz_convert("UTC")
        late = ~(rows["landed"] - due < pd.Timedelta(minutes=15))
        part = {"day": rows["day"], "over": over.dt.tz_convert("UTC"), "late": late}
        parts.append(pd.DataFrame(part))
    if not parts:
        return pd.Series(dtype="float64")
    days = pd.concat(parts).groupby("day")
    return days["late"].mean()[days["over"].max() <= now]
