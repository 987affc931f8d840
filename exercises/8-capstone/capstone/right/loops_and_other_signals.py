"""Loops where the reference has tables, checks by hand, another model, other signals."""


# %% find_faults
def find_faults(flights, weather, planes):
    found = set()
    wrong = 0
    for stamp, hour in zip(flights["time_hour"], flights["hour"], strict=True):
        wrong += stamp.astimezone(ZoneInfo("America/New_York")).hour != hour
    if wrong * 100 > len(flights):
        found.add("flight_clock")
    both = weather[(weather["wind_speed"] > 0) & weather["wind_gust"].notna()]
    multiples = (both["wind_gust"] / both["wind_speed"]).round(6).unique()
    if len(multiples) in (1, 2) and max(multiples) - min(multiples) <= 1e-6:
        found.add("gust")
    for column in planes:
        if pd.api.types.is_numeric_dtype(planes[column]) and (planes[column] == 0).all():
            found.add("stand_in")
    by_hour = {hour: temps.mean() for hour, temps in weather.groupby("hour")["temp"]}
    if max(by_hour, key=by_hour.get) not in (12, 13, 14, 15, 16, 17):
        found.add("weather_clock")
    return sorted(found)


# %% gather
from zoneinfo import ZoneInfo


def gather(flights, weather):
    zone = ZoneInfo("America/New_York")
    readings = {}
    for row in weather.sort_values("time_hour").to_dict("records"):
        local = row["time_hour"].tz_convert(zone)
        at = local.hour * 60 + local.minute + local.second / 60
        if 720 <= at <= 900:
            readings[row["origin"], local.year, local.month, local.day] = row
    rows, index, moments = [], [], []
    for label_, row in zip(flights.index, flights.to_dict("records"), strict=True):
        if row["sched_dep_time"] < 1700:
            continue
        date = row["year"], row["month"], row["day"]
        reading = readings.get((row["origin"], *date), {})
        rows.append([reading.get(column, np.nan) for column in READING])
        moments.append(pd.Timestamp(*date, row["hour"], row["minute"], tz=zone).tz_convert("UTC"))
        index.append(label_)
    table = flights[flights["sched_dep_time"] >= 1700].copy()
    table[READING] = np.array(rows, dtype=float).reshape(len(index), len(READING))
    table["departure"] = pd.DatetimeIndex(moments)
    return table


# %% label
def label(flights):
    return np.logical_or(flights["arr_delay"].isna(), flights["arr_delay"].ge(15)).astype(int)


# %% features
def features(flights, weather):
    table = gather(flights, weather)
    known = {}
    for row in flights[KNOWN].itertuples():
        at = row.hour * 60 + row.minute
        if at <= 840:
            seen = known.setdefault((row.year, row.month, row.day), [])
            left = at + row.dep_delay <= 900
            seen.append((row.origin, row.dep_delay if left else 60.0))
    summed = []
    for row in table.itertuples():
        seen = known.get((row.year, row.month, row.day), [])
        here = sorted(delay for origin, delay in seen if origin == row.origin)
        every = sorted(delay for _, delay in seen)
        summed.append(
            [sum(min(d, 120) for d in delays) / max(len(delays), 1) for delays in (here, every)]
        )
    X = pd.DataFrame(np.array(summed).reshape(-1, 2), table.index, ["here", "everywhere"])
    for column in ("origin", "carrier", "dest"):
        X[column] = table[column].astype(str)
    X["clock"] = table["sched_dep_time"]
    X["weekday"] = [pd.Timestamp(*date).weekday() for date in zip(*(table[c] for c in DATE))]
    for column in READING:
        X[column] = table[column]
    return X


# %% train
def train(flights, weather):
    X = features(flights, weather)
    codes = {column: {name: n for n, name in enumerate(sorted(set(X[column])))} for column in NAMES}
    model = HistGradientBoostingClassifier(max_iter=60, learning_rate=0.08, random_state=1)
    model.fit(numbers(X, codes), label(flights)[X.index])
    return {"model": model, "codes": codes}


def numbers(X, codes):
    return X.assign(**{column: X[column].map(codes[column]).astype(float) for column in NAMES})


def predict(model, flights, weather):
    X = features(flights, weather)
    if X.empty:
        return pd.Series([], index=X.index, dtype=float)
    late = model["model"].predict_proba(numbers(X, model["codes"]))
    return pd.Series(late[:, 1], index=X.index)


# %% alarms
def look(flights, weather):
    """Return by date a dict of numbers."""
    seen = {}
    for date, rows in flights.groupby(DATE):
        key = "{}-{:02}-{:02}".format(*date)
        seen[key] = {
            **{origin: (rows["origin"] == origin).sum() for origin in AIRPORTS},
            "codes": rows["carrier"].str.len().mean(),
            "gap": (rows["time_hour"].dt.hour - rows["hour"]).abs().mean(),
            "seats": len(rows) - len(rows.drop_duplicates()),
            "wait": rows["dep_delay"].quantile(0.25),
        }
    local = weather["time_hour"].dt.tz_convert(NEW_YORK)
    for date, rows in weather.groupby(local.dt.strftime("%Y-%m-%d")):
        if date in seen:
            seen[date]["pressure"] = rows["pressure"].mean()
            seen[date]["temp"] = rows["temp"].mean()
            seen[date]["swing"] = rows.groupby("origin")["temp"].std().mean()
    return seen


def baseline(flights, weather):
    days = pd.DataFrame(look(flights, weather)).T.astype(float)
    wide = days.max() - days.min()
    return dict(zip(days, zip(days.min() - wide / 4, days.max() + wide / 4)))


def alarms(base, flights, weather):
    found = {}
    for date, day in look(flights, weather).items():
        odd = [name for name, value in day.items() if not base[name][0] <= value <= base[name][1]]
        if odd:
            found[date] = odd
    return found
