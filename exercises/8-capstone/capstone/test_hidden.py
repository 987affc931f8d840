"""What decides the points of the capstone: October to December of 2023 among others; never
shipped."""

import functools
import json

import numpy as np
import pandas as pd
import pytest

from grader import load, task

NEW_YORK = "America/New_York"
KEYS = ["origin", "carrier", "hour"]
DATE = "year month day".split()
SCHEDULE = "hour minute sched_dep_time carrier flight origin dest distance".split()
KNOWN = [*DATE, *SCHEDULE, "dep_delay"]
READING = "temp dewp humid wind_dir wind_speed precip pressure visib".split()
NEVER_KNOWN = ["dep_time", "arr_time", "arr_delay", "air_time", "tailnum"]
THINNED = 18_944  # flights of the quarter, in the proportion of the learner's nine months
PARTS = 2
DRAWS = 200
RANGES = {
    **{"year": (2023, 2033), "month": (1, 12), "day": (1, 31), "flight": (1, 9999)},
    **{"sched_dep_time": (0, 2359), "distance": (10, 6000), "dep_delay": (-120, 3000)},
}
READING_RANGES = {
    **{"temp": (-40, 130), "dewp": (-60, 100), "humid": (0, 100), "wind_dir": (0, 360)},
    **{"wind_speed": (0, 150), "precip": (0, 10), "pressure": (900, 1100), "visib": (0, 100)},
}


@functools.cache
def live(name):
    """Read one of the two tables of 2023 whole, once."""
    return load(f"{name}_2023")


@functools.cache
def parts():
    """Draw the hidden quarter in parts that share no flight."""
    flights = live("flights")
    quarter = flights[flights["month"] > 9].reset_index(drop=True)
    drawn = np.random.RandomState(17).permutation(len(quarter))
    cuts = [np.sort(drawn[n * THINNED : (n + 1) * THINNED]) for n in range(PARTS)]
    return [quarter.iloc[cut] for cut in cuts]


def days_of(first, last, part=0):
    """Return some days of a part of the quarter, month and day from and to."""
    flights = parts()[part]
    date = flights["month"] * 100 + flights["day"]
    return flights[(date >= first) & (date <= last)].reset_index(drop=True)


def weather_of(first, last):
    """Return the weather of New York's days from and to, of the last quarter."""
    local = live("weather")["time_hour"].dt.tz_convert(NEW_YORK)
    date = local.dt.month * 100 + local.dt.day
    return live("weather")[(date >= first) & (date <= last)].reset_index(drop=True)


def minute(flights):
    return flights["hour"] * 60 + flights["minute"]


def has_left(flights):
    """Say which flights had left by 15:00 of their day."""
    return minute(flights) + flights["dep_delay"] <= 900


def blinded(flights):
    """Return what is known at 15:00."""
    return flights[KNOWN].assign(dep_delay=flights["dep_delay"].where(has_left(flights)))


def by_three(weather):
    """Return the readings that were taken by 15:00 of their day."""
    local = weather["time_hour"].dt.tz_convert(NEW_YORK)
    return weather[local.dt.hour * 60 + local.dt.minute <= 900]


def late(flights):
    return (flights["arr_delay"].isna() | (flights["arr_delay"] >= 15)).to_numpy()


def evening(flights):
    return flights[flights["sched_dep_time"] >= 1700]


# ---------------------------------------------------------------- find_faults


@functools.cache
def july_2013():
    """Cut a small sound delivery: 300 flights, a month of weather, some planes."""
    flights, weather = load("flights_2013_sample"), load("weather_2013")
    flights = flights[flights["month"] == 7].sample(300, random_state=1)
    return flights, weather[weather["month"] == 7].iloc[::2], load("planes_2013").head(60)


def july():
    return tuple(table.copy() for table in july_2013())


def mislabel(flights):
    """Write New York's clock under the label UTC."""
    local = pd.to_datetime(flights[[*DATE, "hour"]])
    return flights.assign(time_hour=local.dt.tz_localize("UTC").dt.as_unit("us"))


def shift(weather, hours):
    """Let the clock columns of the weather run ahead."""
    return weather.assign(hour=(weather["hour"] + hours) % 24)


def curve(warmest):
    """Return a July whose average day is warmest at an hour of our choice."""
    weather = july()[1]
    away = (weather["hour"] - warmest + 12) % 24 - 12
    return weather.assign(temp=80.0 - away.abs())


def check_it_finds(submission):
    """Assert that something is found in a delivery with all four faults.

    A contract that finds nothing finds every delivery sound; that is worth nothing.
    """
    flights, weather, planes = july()
    made_up = shift(weather.assign(wind_gust=weather["wind_speed"] * 1.2), 4)
    assert len(submission.find_faults(mislabel(flights), made_up, planes.assign(seats=0))) > 0


@task("find_faults")
def test_the_published_year_has_all_four(submission):
    """In 2023 as it was published, every one of the four faults is found."""
    flights, weather = days_of(1101, 1104), weather_of(1001, 1031)
    tables = flights, weather, load("planes_2023").head(500)

    found = submission.find_faults(*tables)

    assert list(found) == ["flight_clock", "gust", "stand_in", "weather_clock"]


@task("find_faults", weight=2)
def test_one_fault_is_one_name(submission):
    """A delivery with one fault has that one named, and no other."""
    flights, weather, planes = july()
    twice = weather["wind_speed"] * 1.2
    known = twice.where(weather["day"] > 20).mask(weather["wind_speed"] == 0, 3.0)

    assert list(submission.find_faults(mislabel(flights), weather, planes)) == ["flight_clock"]
    for gust in (twice, known):
        made_up = weather.assign(wind_gust=gust)
        assert list(submission.find_faults(flights, made_up, planes)) == ["gust"]
    for column in ("speed", "seats"):
        zeros = planes.assign(**{column: 0})
        assert list(submission.find_faults(flights, weather, zeros)) == ["stand_in"]
    for hours in (4, 5, -5):
        moved = shift(weather, hours)
        assert list(submission.find_faults(flights, moved, planes)) == ["weather_clock"]


@task("find_faults", weight=2)
def test_harmless_deliveries_are_sound(submission):
    """Another order, one airport, a month without gusts, some zeros: none of it is a fault."""
    flights, weather, planes = july()
    one = flights["origin"] == "LGA", weather["origin"] == "LGA"
    some = planes.assign(speed=[0.0] * 30 + [432.0] * 30, engines=1)
    check_it_finds(submission)
    gusts = np.where(weather["day"] % 2, 1.3, 1.5) * weather["wind_speed"]

    for tables in (
        (flights.sample(frac=1, random_state=1), weather.sample(frac=1, random_state=1), planes),
        (flights[one[0]], weather[one[1]], planes),
        (flights, weather.assign(wind_gust=np.nan), planes),
        (flights, weather.assign(wind_gust=gusts), planes),
        (flights, weather, some),
    ):
        assert list(submission.find_faults(*tables)) == []


@task("find_faults")
def test_the_limits_are_where_they_are_stated(submission):
    """One wrong stamp in a hundred and a warmest hour from 12 to 17 are still sound."""
    flights, weather, planes = july()
    hundred, wrong = flights.head(100), mislabel(flights.head(100))

    for count, expected in ((1, []), (2, ["flight_clock"])):
        mixed = pd.concat([wrong.head(count), hundred.tail(100 - count)])
        assert list(submission.find_faults(mixed, weather, planes)) == expected
    for hour, expected in (
        *((11, ["weather_clock"]), (12, []), (17, [])),
        *((18, ["weather_clock"]), (2, ["weather_clock"])),
    ):
        assert list(submission.find_faults(flights, curve(hour), planes)) == expected


@task("find_faults")
def test_light_winds_count(submission):
    """Every wind above 0 is looked at, however light; in a calm there is no ratio."""
    flights, weather, planes = july()
    light = weather["day"] < 10
    speed = weather["wind_speed"].where(~light, 0.5)
    gust = (speed * 1.2).where(~light, 2.0)

    mixed = weather.assign(wind_speed=speed, wind_gust=gust)

    check_it_finds(submission)
    assert list(submission.find_faults(flights, mixed, planes)) == []


@task("find_faults")
def test_the_delivery_is_left_alone(submission):
    """The contract looks at the tables and changes nothing."""
    tables = july()
    check_it_finds(submission)

    call = submission.call("find_faults", *(table.copy() for table in tables))

    assert list(call.value) == []
    for before, after in zip(tables, call.args, strict=True):
        pd.testing.assert_frame_equal(after, before)


# ---------------------------------------------------------------- gather


def made_flights(days, clocks=("0800", "1659", "1700", "2130")):
    """Make flights from each airport at some clock readings of some days."""
    rows = []
    for n, (day, clock, origin) in enumerate(
        (day, clock, origin) for day in days for clock in clocks for origin in ("JFK", "EWR")
    ):
        year, month, number = map(int, day.split("-"))
        hour, minutes = int(clock[:2]), int(clock[2:])
        values = [year, month, number, hour, minutes, hour * 100 + minutes]
        rows.append([*values, "B6", n + 1, origin, "BOS", 187, np.nan])
    return pd.DataFrame(rows, columns=KNOWN)


def made_weather(days, hours=range(4, 24)):
    """Make hourly readings in New York's clock, whose temperature tells which reading it is."""
    rows = []
    for n, day in enumerate(days):
        for hour in hours:
            whole, part = divmod(round(hour * 60), 60)
            at = pd.Timestamp(f"{day} {whole:02}:{part:02}", tz=NEW_YORK).tz_convert("UTC")
            for add, origin in ((0, "JFK"), (50, "EWR"), (70, "LGA")):
                values = {column: float(k) for k, column in enumerate(READING)}
                row = {"origin": origin, "time_hour": at.as_unit("us"), "wind_gust": 1.0}
                rows.append({**row, **values, "temp": n + hour / 100 + add})
    return pd.DataFrame(rows)


YEAR = ["2023-01-10", "2023-03-12", "2023-07-04", "2023-11-05", "2023-12-24"]


@task("gather", weight=3)
def test_the_reading_of_three_o_clock(submission):
    """Each flight gets its own airport's reading of 15:00 New York time, summer and winter."""
    flights = made_flights(YEAR)

    got = submission.gather(flights, made_weather(YEAR))

    expected = [n + 0.15 + add for n in range(5) for _ in range(2) for add in (0, 50)]
    assert got["temp"].tolist() == pytest.approx(expected)
    for number, column in list(enumerate(READING))[1:]:
        assert set(got[column]) == {float(number)}


@task("gather", weight=2)
def test_the_last_reading_in_time(submission):
    """Without a reading at 15:00 the last one before it counts, back to 12:00; else it is null."""
    days = YEAR[:1]
    flights = made_flights(days, ["1800"])

    for hours, expected in (
        *(([11, 12, 13, 16, 17], 0.13), ([11.5, 12, 15.25], 0.12), ([14.85, 15.1], 0.1485)),
        *(([9, 11, 11.95, 15.05, 16], None), ([23], None)),
    ):
        got = submission.gather(flights, made_weather(days, hours))["temp"].tolist()
        if expected is None:
            assert pd.isna(got).all()
        else:
            assert got == pytest.approx([expected, expected + 50])


@task("gather")
def test_a_day_without_weather_keeps_its_flights(submission):
    """Flights without a reading stay in the table, with nulls, also when there is no reading."""
    flights = made_flights(YEAR[:2], ["1900"])
    weather = made_weather(YEAR[:1])

    some = submission.gather(flights, weather)
    none = submission.gather(flights, weather[weather["origin"] == "LGA"])

    assert some["temp"].isna().tolist() == [False, False, True, True]
    assert list(none.index) == list(flights.index)
    assert none[READING].isna().all(axis=None)


@task("gather", weight=2)
def test_rows_keep_their_place(submission):
    """Rows stay in the order and with the index of the flights, whatever order both came in."""
    flights = made_flights(YEAR).sample(frac=1, random_state=3)
    flights.index = [f"row {n}" for n in range(len(flights))]
    weather = made_weather(YEAR).sample(frac=1, random_state=4)

    got = submission.gather(flights, weather)

    pd.testing.assert_frame_equal(got[KNOWN], evening(flights))
    plain = submission.gather(made_flights(YEAR), made_weather(YEAR)).set_index("flight")["temp"]
    assert got["temp"].tolist() == pytest.approx(plain.loc[got["flight"]].tolist())


@task("gather")
def test_departures_are_moments(submission):
    """departure is the flight's scheduled moment in UTC, whatever time_hour says."""
    flights = made_flights(YEAR, ["1700", "2359"])
    stamps = pd.Timestamp("2020-01-01", tz="UTC")

    got = submission.gather(flights.assign(time_hour=stamps), made_weather(YEAR))

    local = got["departure"].dt.tz_convert(NEW_YORK)
    assert got["departure"].dt.tz_convert("UTC").equals(got["departure"])
    assert local.dt.strftime("%Y-%m-%d").tolist() == [day for day in YEAR for _ in range(4)]
    assert local.dt.strftime("%H%M").tolist() == ["1700", "1700", "2359", "2359"] * 5
    assert (got["time_hour"] == stamps).all()


@task("gather")
def test_columns_are_those_asked_for(submission):
    """There are the columns of the flights, departure and the eight of READING, and no gust."""
    got = submission.gather(made_flights(YEAR), made_weather(YEAR))

    assert set(got.columns) == {*KNOWN, *READING, "departure"}
    assert len(got.columns) == len(set(got.columns))


@task("gather")
def test_gathering_a_real_week(submission):
    """On published tables every flight finds the reading that was taken at 15:00."""
    flights, weather = days_of(1101, 1107), weather_of(1101, 1107)
    before = weather.copy()

    call = submission.call("gather", flights.copy(), weather.copy())

    local = weather["time_hour"].dt.tz_convert(NEW_YORK)
    three = weather.assign(month=local.dt.month, day=local.dt.day)[local.dt.hour == 15]
    key = ["month", "day", "origin"]
    due = evening(flights)[key].merge(three[[*key, *READING]], on=key, how="left")
    assert call.value[READING].to_numpy() == pytest.approx(due[READING].to_numpy(), nan_ok=True)
    pd.testing.assert_frame_equal(call.args[0], flights)
    pd.testing.assert_frame_equal(call.args[1], before)


# ---------------------------------------------------------------- label


@task("label", weight=2)
def test_never_arriving_is_late(submission):
    """A flight without arrival is late, a cancelled one and a diverted one alike."""
    flights = pd.DataFrame({"dep_delay": [np.nan, 3.0, 3.0], "arr_delay": [np.nan, np.nan, 2.0]})

    assert [bool(value) for value in submission.label(flights)] == [True, True, False]


@task("label")
def test_fifteen_minutes_are_late(submission):
    """From 15 minutes on a flight is late; one that arrives early is not."""
    flights = pd.DataFrame({"arr_delay": [-60.0, 0.0, 14.0, 15.0, 16.0, 900.0]})

    got = [bool(value) for value in submission.label(flights)]

    assert got == [False, False, False, True, True, True]


@task("label")
def test_labels_keep_the_index(submission):
    """There is one label a row, under the row's own index; the table stays as it is."""
    flights = pd.DataFrame({"arr_delay": [20.0, np.nan, 1.0]}, index=[7, 3, 5])

    call = submission.call("label", flights.copy())

    assert list(call.value.index) == [7, 3, 5]
    assert [bool(value) for value in call.value] == [True, True, False]
    pd.testing.assert_frame_equal(call.args[0], flights)


# ---------------------------------------------------------------- features


def same(got, expected):
    """Assert that two tables of features are equal, whatever their types, and that they hold
    something."""
    assert min(expected.shape) > 0
    assert list(got.columns) == list(expected.columns)
    assert list(got.index) == list(expected.index)
    for column in got.columns:
        pd.testing.assert_series_equal(
            got[column].astype(object), expected[column].astype(object), check_dtype=False
        )


@task("features", weight=3)
def test_the_future_changes_nothing(submission):
    """Whatever was unknown at 15:00 may be changed, and no feature moves."""
    flights, weather = days_of(1010, 1016), weather_of(1010, 1016)
    rng = np.random.default_rng(5)
    other, unknown = flights.copy(), ~has_left(flights)
    # They leave some time after 15:00, or never.
    after = 900 - minute(flights) + rng.integers(1, 600, len(flights))
    other["dep_delay"] = other["dep_delay"].mask(
        unknown, after.where(rng.random(len(flights)) < 0.8)
    )
    for column in NEVER_KNOWN:
        other[column] = rng.permutation(other[column].to_numpy())
    later = ~weather.index.isin(by_three(weather).index)
    storm = weather.copy()
    storm.loc[later, READING] = rng.normal(50, 20, (later.sum(), len(READING)))

    seen = submission.features(flights, weather)

    assert unknown.sum() > 300
    assert later.sum() > 100
    same(submission.features(other, weather), seen)
    same(submission.features(flights, storm), seen)


@task("features", weight=2)
def test_as_seen_at_three(submission):
    """With only what is known at 15:00 in the tables, the features are the same."""
    flights, weather = days_of(1120, 1126), weather_of(1120, 1126)

    whole = submission.features(flights, weather)
    blind = submission.features(blinded(flights), by_three(weather))

    same(blind, whole)


@task("features", weight=2)
def test_a_day_alone(submission):
    """A day alone gives what the same day gives among others."""
    flights, weather = days_of(1201, 1210), weather_of(1201, 1210)
    whole = submission.features(blinded(flights), weather)

    for day in (1, 6, 10):
        alone = flights[flights["day"] == day]
        got = submission.features(blinded(alone), weather_of(1200 + day, 1200 + day))
        same(got, whole.loc[got.index])
        assert len(got) == len(evening(alone))


@task("features")
def test_order_is_luck(submission):
    """The same rows in another order give each flight the same features."""
    flights, weather = days_of(1003, 1006), weather_of(1003, 1006)
    plain = submission.features(blinded(flights), weather)

    mixed = flights.sample(frac=1, random_state=2)
    got = submission.features(blinded(mixed), weather.sample(frac=1, random_state=2))

    assert len(plain.columns) > 0
    assert list(got.index) == list(evening(mixed).index)
    for column in plain.columns:  # sums in another order may differ in the last bit
        ours, theirs = got[column].loc[plain.index], plain[column]
        if pd.api.types.is_numeric_dtype(theirs):
            assert np.allclose(ours.astype(float), theirs.astype(float), equal_nan=True)
        else:
            assert ours.astype(str).tolist() == theirs.astype(str).tolist()


@task("features")
def test_the_columns_do_not_depend_on_the_day(submission):
    """The same columns come out without weather, without a departure, and with new names."""
    flights, weather = days_of(1003, 1006), weather_of(1003, 1006)
    columns = list(submission.features(blinded(flights), weather).columns)
    assert len(columns) > 0
    new = blinded(flights).assign(carrier="ZZ", dest="XXX")
    none_left = blinded(flights).assign(dep_delay=np.nan)

    for one, other in ((new, weather), (none_left, weather), (new, weather.head(0))):
        got = submission.features(one, other)
        assert list(got.columns) == columns
        assert len(got) == len(evening(flights))


@task("features")
def test_features_are_numbers_or_text(submission):
    """Each column holds numbers or text, there is a row for each flight, and inputs stay."""
    flights, weather = blinded(days_of(1003, 1006)), weather_of(1003, 1006)

    call = submission.call("features", flights.copy(), weather.copy())

    assert len(call.value.columns) > 0
    for column in call.value:
        kind = call.value[column]
        assert pd.api.types.is_numeric_dtype(kind) or pd.api.types.is_string_dtype(
            kind.astype(object).fillna("")
        )
    assert list(call.value.index) == list(evening(flights).index)
    pd.testing.assert_frame_equal(call.args[0], flights)
    pd.testing.assert_frame_equal(call.args[1], weather)


# ---------------------------------------------------------------- train and predict


@functools.cache
def look_up():
    """Learn the late share by origin, carrier and hour, few flights drawn towards the mean."""
    flights = evening(load("flights_2023_jan_sep"))
    flights = flights.assign(late=late(flights))
    mean = flights["late"].mean()
    of = flights.groupby(KEYS)["late"]
    return mean, ((of.sum() + 20 * mean) / (of.size() + 20)).rename("share")


def top_tenth(scores, happened):
    """Return the share late among the tenth with the highest scores; the first of equals wins."""
    best = np.argsort(-scores, kind="stable")[: max(1, round(len(scores) / 10))]
    return happened[best].mean()


def won(quarter, scores, shares):
    """Draw the quarter's days anew, and say how often the scores catch more than the look-up."""
    date = (quarter["month"] * 100 + quarter["day"]).to_numpy()
    rows = [np.flatnonzero(date == day) for day in np.unique(date)]
    happened, rng, wins = late(quarter), np.random.default_rng(92), 0
    for _ in range(DRAWS):
        drawn = np.concatenate([rows[n] for n in rng.integers(0, len(rows), len(rows))])
        ours, theirs = (top_tenth(each[drawn], happened[drawn]) for each in (scores, shares))
        wins += ours > theirs
    return wins / DRAWS


def measured(submission):
    """Measure a submission on the hidden quarter; the parts' results are averaged."""
    mean, table = look_up()
    weather = by_three(weather_of(1001, 1231))
    rows = []
    for part in parts():
        quarter = evening(part)
        got = submission.predict(submission.model, blinded(part), weather)
        assert list(got.index) == list(quarter.index)
        scores = got.to_numpy(dtype=float)
        shares = quarter[KEYS].join(table, on=KEYS)["share"].fillna(mean).to_numpy()
        happened = late(quarter)
        caught = top_tenth(scores, happened), top_tenth(shares, happened)
        rows.append([*caught, won(quarter, scores, shares)])
    return dict(zip(("caught", "look_up", "won"), map(float, np.mean(rows, axis=0)), strict=True))


@task("train", weight=6)
def test_the_hidden_quarter(submission, credit):
    """Of the texted tenth more are late than the look-up finds; days are drawn to be sure."""
    share = measured(submission)["won"]

    assert share > 0.5
    credit(min(1.0, (share - 0.5) / 0.4))


@task("train")
def test_strangers_are_scored(submission):
    """An airline and an airport that training never saw get a number from 0 to 1."""
    flights, weather = blinded(days_of(1003, 1006)), by_three(weather_of(1003, 1006))
    strangers = flights.assign(carrier="ZZ", dest="XXX")

    for one, other in ((strangers, weather), (flights, weather.head(0))):
        got = submission.predict(submission.model, one, other)
        assert list(got.index) == list(evening(flights).index)
        assert got.between(0, 1).all()


@task("train", weight=2)
def test_a_prediction_is_for_a_flight(submission):
    """A flight's number depends on its own day and not on the company it is scored in."""
    flights, weather = blinded(days_of(1101, 1108)), by_three(weather_of(1101, 1108))
    whole = submission.predict(submission.model, flights, weather)
    assert list(whole.index) == list(evening(flights).index)
    assert whole.nunique() > 1

    for day in (2, 5):
        alone = submission.predict(submission.model, flights[flights["day"] == day], weather)
        assert alone.to_numpy() == pytest.approx(whole.loc[alone.index].to_numpy())


@task("train", weight=2)
def test_training_learns_from_its_tables(submission):
    """A model trained on other flights says other things: what it learns is in the tables."""
    flights, weather = load("flights_2023_jan_sep"), load("weather_2023_jan_sep")
    flights = flights[(flights["month"] == 2) & flights["origin"].isin(["JFK", "LGA"])].copy()
    # Here every flight of one airline is late, cancelled half of the time, and no other is.
    flights["arr_delay"] = np.where(flights["carrier"] == "B6", 60.0, -5.0)
    flights.loc[(flights["carrier"] == "B6") & (flights["day"] % 2 == 0), "arr_delay"] = np.nan
    flights.loc[flights["sched_dep_time"] < 1700, "arr_delay"] *= -1

    model = submission.train(flights, weather[weather["month"] == 2])

    got = submission.predict(model, blinded(flights), weather[weather["month"] == 2])
    theirs = flights.loc[got.index, "carrier"] == "B6"
    assert got[theirs].mean() > got[~theirs].mean() + 0.3


# ---------------------------------------------------------------- serve


def client(submission):
    app = submission.serve(submission.model, submission.carriers)
    test_client = submission.library("fastapi.testclient").TestClient
    return test_client(app, raise_server_exceptions=False)


def post(to, body):
    """Send a body; a dict becomes JSON as Python writes it, NaN included."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return to.post("/predict", content=content, headers={"Content-Type": "application/json"})


def served(answer):
    return answer.status_code == 200


def flight(**changes):
    values = {
        **{"year": 2023, "month": 11, "day": 2, "sched_dep_time": 1830, "carrier": "DL"},
        **{"flight": 7, "origin": "LGA", "dest": "ATL", "distance": 762, "dep_delay": None},
    }
    return values | changes


def reading(**changes):
    values = {
        **{"origin": "LGA", "time_hour": "2023-11-02T19:00:00Z", "temp": 50.0, "dewp": 30},
        **{"humid": 45.5, "wind_dir": None, "wind_speed": 9.2, "precip": 0, "visib": 10},
        "pressure": 1020.1,
    }
    return values | changes


def day(*flights, weather=()):
    return {"flights": list(flights) or [flight()], "weather": list(weather)}


def without(values, name):
    return {key: value for key, value in values.items() if key != name}


BAD = [
    *(b"", b"{", b"[]", b"null", b'"day"', b"\xff\xfe", b"[" * 100_000),
    *({}, {"flights": [flight()]}, {"flights": [], "weather": []}, {"flights": {}, "weather": []}),
    day() | {"model": "newest"},
    *(day(without(flight(), "dep_delay")), day(without(flight(), "carrier"))),
    *(day(flight(tailnum="N1")), day(flight(distance="762")), day(flight(month=True))),
    *(day(flight(flight=7.5)), day(flight(origin=None)), day(flight(year=10**40))),
    *(day(flight(distance=float("nan"))), day(flight(dep_delay=float("inf")))),
    *(day(flight(month=2, day=30)), day(flight(sched_dep_time=1761))),
    *(day(flight(sched_dep_time=1030)), day(flight(), flight(day=3))),
    *(day(flight(origin="BOS")), day(flight(carrier="Delta")), day(flight(dest="atl"))),
    *(day(weather=[reading(temp=float("nan"))]), day(weather=[reading(temp="50")])),
    *(day(weather=[reading(time_hour="2023-11-02T19:00:00")]), day(weather=[{}])),
    *(day(weather=[reading(origin="BOS")]), day(weather=[reading(wind_gust=20)])),
    day(weather=[without(reading(), "visib")]),
]


@task("serve", weight=3)
def test_bad_requests_are_refused(submission, credit):
    """Bad requests get 422 (no JSON: 400 will do) with a reason in JSON; good ones still work."""
    to, refused = client(submission), 0
    good = day(weather=[reading()])
    first = post(to, good).json()
    assert len(first["scores"]) == 1
    for body in BAD:
        answer = post(to, body)
        allowed = (400, 422) if isinstance(body, bytes) else (422,)
        if answer.status_code in allowed:
            refused += bool(answer.json())

    assert len(BAD) >= 30
    assert post(to, good).json() == first
    assert refused > len(BAD) / 2
    credit(2 * refused / len(BAD) - 1)


@task("serve", weight=2)
def test_no_request_breaks_it(submission):
    """However bad the request, the answer is never a failure of the service's own."""
    to = client(submission)
    worst = [body for body in BAD if isinstance(body, bytes) or "NaN" in json.dumps(body)]

    codes = [post(to, body).status_code for body in [*worst, day(flight(month=2, day=30))]]

    assert max(codes) < 500
    assert post(to, day()).status_code == 200


@task("serve", weight=2)
def test_it_answers_what_predict_answers(submission):
    """For a real day the service gives each flight of the evening the number of predict."""
    flights = blinded(days_of(1102, 1102))
    weather = by_three(weather_of(1102, 1102))
    columns = [column for column in KNOWN if column not in ("hour", "minute")]
    sent = flights[columns].astype(object).where(flights[columns].notna(), None)
    said = weather[["origin", *READING]].astype(object)
    said = said.where(weather[["origin", *READING]].notna(), None)
    stamps = weather["time_hour"].dt.strftime("%Y-%m-%dT%H:%M:%SZ")

    body = day(*sent.to_dict("records"))
    body["weather"] = said.assign(time_hour=stamps).to_dict("records")
    answer = post(client(submission), body)

    expected = submission.predict(submission.model, flights, weather)
    assert served(answer)
    assert answer.json()["scores"] == pytest.approx(expected.tolist())
    assert answer.json()["flags"] == []


@task("serve", weight=2)
def test_it_says_what_it_did_without(submission):
    """Flags tell of missing weather and of unknown airlines, of the evening's flights only."""
    to = client(submission)
    early = {"sched_dep_time": 900, "origin": "JFK", "carrier": "ZZ", "dep_delay": 3.0}
    offset = reading(time_hour="2023-11-02T13:00:00-04:00")

    for body, flags in (
        (day(flight(), flight(**early), weather=[offset]), []),
        (day(), ["no weather"]),
        (day(weather=[reading(time_hour="2023-11-02T20:00:00Z")]), ["no weather"]),
        (day(weather=[reading(time_hour="2023-11-02T15:00:00Z")]), ["no weather"]),
        (day(flight(), flight(origin="JFK"), weather=[reading()]), ["no weather"]),
        (day(flight(), flight(carrier="Z9"), weather=[reading()]), ["unknown carrier"]),
        (day(flight(carrier="ZZ")), ["no weather", "unknown carrier"]),
    ):
        answer = post(to, body)
        assert served(answer)
        assert answer.json()["flags"] == flags


@task("serve")
def test_ranges_include_their_ends(submission):
    """Every number may be as low and as high as its range says, and no lower or higher."""
    to, christmas = client(submission), {"month": 12}

    for end in (0, 1):
        ends = {name: ends[end] for name, ends in RANGES.items()} | christmas
        read = reading(**{name: ends[end] for name, ends in READING_RANGES.items()})
        first = flight(**ends)
        body = day(first, flight(flight=8, **{key: first[key] for key in DATE}), weather=[read])
        assert post(to, body).status_code == 200
    nothing = reading(**dict.fromkeys(READING))
    assert post(to, day(flight(dep_delay=None), weather=[nothing])).status_code == 200
    for name, (low, high) in RANGES.items():
        for value in (low - 1, high + 1):
            bad = flight(**{name: value})
            rest = {key: bad[key] for key in DATE}
            assert post(to, day(bad, flight(flight=8, **rest))).status_code == 422
    for name, (low, high) in READING_RANGES.items():
        for value in (low - 1, high + 1):
            assert post(to, day(weather=[reading(**{name: value})])).status_code == 422


@task("serve")
def test_a_full_day_is_served(submission):
    """2,000 flights are a request, one more is not; every flight of the evening has a number."""
    to = client(submission)
    many = [flight(flight=n + 1, sched_dep_time=1659 + 41 * (n % 2)) for n in range(2000)]

    answer = post(to, day(*many))

    assert served(answer)
    assert len(answer.json()["scores"]) == 1000
    assert post(to, day(*many, flight())).status_code == 422


@task("serve")
def test_health_is_told(submission):
    """GET /health says that the service is up."""
    answer = client(submission).get("/health")

    assert served(answer)
    assert answer.json() == {"status": "ok"}


# ---------------------------------------------------------------- alarms


def zeros(flights, weather):
    return flights, weather.assign(**dict.fromkeys(READING, 0.0))


def celsius(flights, weather):
    return flights, weather.assign(
        temp=(weather["temp"] - 32) / 1.8, dewp=(weather["dewp"] - 32) / 1.8
    )


def stuck(flights, weather):
    first = weather.groupby("origin")[READING].transform("first")
    return flights, weather.assign(**{column: first[column] for column in READING})


def mended(flights, weather):
    local = flights["time_hour"].dt.tz_localize(None)
    return flights.assign(
        time_hour=local.dt.tz_localize(NEW_YORK, ambiguous=True).dt.tz_convert("UTC")
    ), weather


def closed(flights, weather):
    return flights[flights["origin"] != "LGA"], weather


def doubled(flights, weather):
    return pd.concat([flights, flights.iloc[::2]]), weather


def renamed(flights, weather):
    codes = {"AA": "AAL", "B6": "JBU", "DL": "DAL", "UA": "UAL", "YX": "RPA", "9E": "EDV"}
    return flights.assign(carrier=flights["carrier"].replace(codes)), weather


def seconds(flights, weather):
    return flights.assign(dep_delay=flights["dep_delay"] * 60), weather


DAMAGES = (zeros, celsius, stuck, mended, closed, doubled, renamed, seconds)
STRETCHES = ((1006, 1015), (1108, 1117), (1205, 1214))


def damaged(damage, first, last):
    """Do damage to the last three of ten days; return both tables and the three dates."""
    flights, weather = days_of(first, last), weather_of(first, last)
    local = weather["time_hour"].dt.tz_convert(NEW_YORK)
    hit = flights["day"] > last % 100 - 3
    hit_weather = local.dt.day > last % 100 - 3
    bad = damage(flights[hit], weather[hit_weather])
    tables = [
        pd.concat([sound, broken]).reset_index(drop=True)
        for sound, broken in ((flights[~hit], bad[0]), (weather[~hit_weather], bad[1]))
    ]
    return tables, {f"2023-{last // 100}-{last % 100 - n:02}" for n in range(3)}


@task("alarms", weight=3)
def test_the_alarm_budget_is_kept(submission, credit):
    """On 92 normal days of autumn and winter there are few alarms."""
    flights, weather = parts()[1], weather_of(1001, 1231)

    got = submission.alarms(submission.base, flights, weather)

    assert len(got) < 12
    # Whoever never raises an alarm keeps every budget; that is worth nothing.
    tables, dates = damaged(lambda f, w: zeros(*seconds(f, w)), 1108, 1117)
    assert set(submission.alarms(submission.base, *tables)) & dates
    credit(min(1.0, (12 - len(got)) / 9))


@task("alarms", weight=4)
def test_damage_is_found(submission, credit):
    """Most kinds of damage raise an alarm within three days."""
    found = 0
    for number, damage in enumerate(DAMAGES):
        tables, dates = damaged(damage, *STRETCHES[number % len(STRETCHES)])
        found += bool(dates & set(submission.alarms(submission.base, *tables)))

    assert found > 2
    credit(min(1.0, (found - 2) / 4))


@task("alarms", weight=2)
def test_an_alarm_names_its_day(submission):
    """An alarm stands at the date that it is about, with reasons; sound days have none."""
    tables, dates = damaged(zeros, 1108, 1117)

    got = submission.alarms(submission.base, *tables)

    assert set(got) <= {f"2023-11-{n:02}" for n in range(8, 18)}
    assert len(set(got) & dates) >= 2
    assert len(set(got) - dates) <= 1
    assert all(len(reasons) > 0 for reasons in got.values())


@task("alarms")
def test_tomorrow_alarms_nobody_today(submission):
    """What comes later changes no alarm of the days before."""
    tables, dates = damaged(zeros, 1108, 1117)
    sound = days_of(1108, 1114), weather_of(1108, 1114)

    alone = submission.alarms(submission.base, *sound)
    among = submission.alarms(submission.base, *tables)

    assert set(alone) == set(among) - dates
    assert set(among) & dates
