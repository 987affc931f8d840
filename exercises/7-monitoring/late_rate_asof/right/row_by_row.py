"""Flight by flight with zoneinfo, days in a dictionary."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pandas as pd


def late_rate_asof(flights, now):
    outcomes, open_days = {}, set()
    rows = zip(flights["day"], flights["due"], flights["zone"], flights["landed"])
    for day, clock, zone, landed in rows:
        due = clock.to_pydatetime().replace(tzinfo=ZoneInfo(zone)).timestamp()
        if due + 3 * 3600 > now.timestamp():
            open_days.add(day)
        late = True if pd.isna(landed) else landed.timestamp() - due >= 15 * 60
        outcomes.setdefault(day, []).append(late)
    days = sorted(set(outcomes) - open_days)
    rates = [sum(outcomes[day]) / len(outcomes[day]) for day in days]
    return pd.Series(rates, index=pd.DatetimeIndex(days), dtype=float)
