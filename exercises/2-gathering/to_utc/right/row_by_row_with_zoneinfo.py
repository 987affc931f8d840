"""Goes through the rows with the standard library, and asks whether a clock really showed that."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pandas as pd


def to_utc(date, hhmm, tz, second=None):
    names = [tz] * len(date) if isinstance(tz, str) else list(tz)
    zones = {}
    for name in {name for name in names if not pd.isna(name)}:
        try:
            zones[name] = ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError(f"{name} is no time zone") from error
    choices = [None] * len(date) if second is None else list(second)

    def instant(day, reading, name, choice):
        if pd.isna(day) or pd.isna(reading) or pd.isna(name):
            return pd.NaT
        hour, minute = divmod(int(reading), 100)
        if minute > 59 or not 0 <= reading <= 2400:
            return pd.NaT
        wall = datetime(day.year, day.month, day.day) + timedelta(hours=hour, minutes=minute)
        candidates = []
        for fold in (0, 1):
            utc = wall.replace(tzinfo=zones[name], fold=fold).astimezone(UTC)
            shown = utc.astimezone(zones[name]).replace(tzinfo=None)
            if shown == wall and utc not in candidates:
                candidates.append(utc)
        if len(candidates) == 2 and not pd.isna(choice):
            return candidates[1] if choice else candidates[0]
        return candidates[0] if len(candidates) == 1 else pd.NaT

    rows = zip(date, hhmm, names, choices, strict=True)
    return pd.Series([instant(*row) for row in rows], index=date.index, dtype="datetime64[ns, UTC]")
