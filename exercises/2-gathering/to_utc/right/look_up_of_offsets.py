"""Tries every offset that a zone has around the date, and keeps those that show the reading."""

import pandas as pd


def to_utc(date, hhmm, tz, second=None):
    readings = hhmm.astype("Float64").to_numpy(dtype="float64", na_value=float("nan"))
    names = tz.tolist() if isinstance(tz, pd.Series) else [tz] * len(date)
    choices = second.tolist() if second is not None else [pd.NA] * len(date)
    answers = []
    for day, reading, name, choice in zip(date, readings, names, choices, strict=True):
        try:
            pd.Timestamp("2013-01-01").tz_localize(None if pd.isna(name) else name)
        except KeyError:
            raise ValueError(f"not a time zone: {name}") from None
        valid = 0 <= reading <= 2400 and reading % 100 < 60
        if not valid or pd.isna(day) or pd.isna(name):
            answers.append(pd.NaT)
            continue
        local = day + pd.Timedelta(minutes=reading // 100 * 60 + reading % 100)
        near = [local + pd.Timedelta(hours=hours) for hours in (-36, 36)]
        offsets = {moment.tz_localize("UTC").tz_convert(name).utcoffset() for moment in near}
        found = sorted(local.tz_localize("UTC") - offset for offset in offsets)
        found = [utc for utc in found if utc.tz_convert(name).tz_localize(None) == local]
        if len(found) > 1:
            found = [] if pd.isna(choice) else [found[int(choice)]]
        answers.append(found[0] if found else pd.NaT)
    return pd.Series(pd.to_datetime(answers, utc=True), index=date.index, name=hhmm.name)
