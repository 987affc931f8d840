"""Leaves the columns to a pandera schema, validated lazily, and adds rules between columns."""

import pandas as pd
import pandera.pandas as pa

NUMBERS = ["hour", "flight", "distance", "dep_delay", "arr_delay"]
NUMBERS += ["temp", "dewp", "wind_speed", "wind_gust", "pressure"]
is_number = pa.Check(lambda s: pd.api.types.is_numeric_dtype(s), name="numbers")
is_time = pa.Check(lambda s: pd.api.types.is_datetime64_any_dtype(s), name="times")
columns = {name: pa.Column(checks=is_number, nullable=True) for name in NUMBERS}
columns |= {name: pa.Column(checks=is_time) for name in ("date", "time_hour")}
columns["carrier"] = pa.Column(checks=pa.Check.str_matches(r"^[A-Z0-9]{2}$"))
columns["origin"] = pa.Column(checks=pa.Check.isin(["EWR", "JFK", "LGA"]))
columns["dest"] = pa.Column()
columns["tailnum"] = pa.Column(nullable=True)
SCHEMA = pa.DataFrameSchema(columns)


def between_columns(df, bad):
    def can(*names):
        return not bad & set(names)

    if can("wind_speed") and not df["wind_speed"].dropna().between(0, 200).all():
        yield "wind_speed", "impossible"
    if can("wind_gust") and df["wind_gust"].isna().mean() < 0.04:
        yield "wind_gust", "hours without gusts are gone"
    if can("temp", "dewp") and (df["temp"] - df["dewp"]).min() < 0:
        yield "temp", "colder than its dew point"
    if can("temp", "origin") and (df.groupby("origin")["temp"].std() < 1e-6).any():
        yield "temp", "does not move"
    if can("dep_delay", "arr_delay") and (df["dep_delay"].isna() > df["arr_delay"].isna()).any():
        yield "arr_delay", "arrived and never left"
    if can("time_hour", "hour"):
        clock = df["time_hour"].dt.tz_convert("America/New_York")
        if not (clock.dt.hour == df["hour"]).all():
            yield "time_hour", "is not the hour of departure"
    if can("date") and len(set(df["date"].dt.normalize())) != 7:
        yield "rows", "seven days make a week"
    if can("carrier", "flight", "origin", "time_hour"):
        if df.groupby(["carrier", "flight", "origin", "time_hour"]).size().max() > 1:
            yield "rows", "the key is not unique"


def report(df):
    faults, unusable = {}, set()
    try:
        SCHEMA.validate(df.reset_index(drop=True), lazy=True)
    except pa.errors.SchemaErrors as errors:
        cases = errors.failure_cases
        for column, name, case in zip(
            cases["column"], cases["check"], cases["failure_case"], strict=True
        ):
            column = case if name == "column_in_dataframe" else column
            faults[column] = str(name)
            if name in ("column_in_dataframe", "numbers", "times"):
                unusable.add(column)
    for column, reason in between_columns(df, unusable):
        faults.setdefault(column, reason)
    return faults
