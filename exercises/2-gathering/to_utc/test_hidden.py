"""What decides the points of to_utc; never shipped."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest

from grader import load, task

NEW_YORK = "America/New_York"
ZONES = [
    *(NEW_YORK, "America/Chicago", "America/Phoenix", "America/Los_Angeles", "Pacific/Honolulu"),
    *("America/Puerto_Rico", "Europe/Dublin", "Asia/Kolkata", "Australia/Lord_Howe"),
    *("America/Sao_Paulo", "Pacific/Apia", "Africa/Casablanca"),
]


def due(date, reading, zone, second=None):
    """Find the instant with the standard library, one row at a time; None for null."""
    if any(pd.isna(value) for value in (date, reading, zone)):
        return None
    if not 0 <= reading <= 2400 or reading % 100 > 59:
        return None
    minutes = timedelta(minutes=int(reading // 100 * 60 + reading % 100))
    local = datetime(date.year, date.month, date.day) + minutes
    both = [local.replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC) for fold in (0, 1)]
    shown = [
        instant
        for instant in dict.fromkeys(both)
        if instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == local
    ]
    if len(shown) == 2:
        shown = [] if pd.isna(second) else [shown[bool(second)]]
    return shown[0] if shown else None


def dates(*texts):
    return pd.Series(pd.to_datetime(list(texts)))


def values(result):
    """Return the instants as plain datetimes, None for null."""
    assert isinstance(result, pd.Series)
    assert isinstance(result.dtype, pd.DatetimeTZDtype), "a Series of instants with zone is due"
    assert str(result.dt.tz) in ("UTC", "datetime.timezone.utc")
    return [None if pd.isna(value) else value.to_pydatetime() for value in result]


def at(*texts):
    return [None if text is None else datetime.fromisoformat(f"{text}+00:00") for text in texts]


def made_up(seed, n=150):
    """Return rows around changes of clocks and between them, with some of everything."""
    rng = np.random.default_rng(seed)
    days = [*pd.date_range("2013-01-01", "2013-12-31", freq="13D"), pd.NaT]
    days += [pd.Timestamp(day) for day in ("2013-03-09", "2013-03-10", "2013-11-03", "2013-10-20")]
    days += [pd.Timestamp(day) for day in ("2013-04-07", "2013-10-06", "2011-12-30", "2013-10-27")]
    hhmm = rng.integers(0, 24, n) * 100 + rng.choice([0, 15, 30, 45, 59], n)
    hhmm[:8] = [2400, 2400, 0, 2359, 260, 2401, -5, 130]
    hhmm[8:60] = rng.choice([100, 130, 145, 200, 215, 230, 300, 2400], 52)
    rows = pd.DataFrame({"date": pd.Series(days)[rng.integers(0, len(days), n)].to_numpy()})
    rows["hhmm"] = pd.array(hhmm, dtype="Int64")
    rows["hhmm"] = rows["hhmm"].where(rng.random(n) > 0.05)
    rows["tz"] = pd.Series(rng.choice(ZONES, n), dtype="str").where(rng.random(n) > 0.05)
    rows["second"] = pd.array(rng.random(n) > 0.5, dtype="boolean")
    rows["second"] = rows["second"].where(rng.random(n) > 0.3)
    return rows.set_axis(rng.integers(0, 40, n))


@task("to_utc", weight=2)
def test_summer_and_winter(submission):
    """The same reading is another hour of UTC in summer than in winter, where the zone has
    summer time."""
    date = dates("2013-01-20", "2013-07-20", "2013-03-10", "2013-03-10", "2013-11-02", "2013-11-04")
    got = submission.to_utc(
        date, pd.Series([1200, 1200, 159, 300, 2359, 1]), pd.Series([NEW_YORK] * 6)
    )

    assert values(got) == at(
        *("2013-01-20 17:00", "2013-07-20 16:00", "2013-03-10 06:59", "2013-03-10 07:00"),
        *("2013-11-03 03:59", "2013-11-04 05:01"),
    )


@task("to_utc", weight=2)
def test_each_row_has_its_zone(submission):
    """Rows of different zones in one column are each read in their own, in the order of the
    input."""
    zones = ["America/Chicago", NEW_YORK, "Asia/Kolkata", "America/Chicago", "Pacific/Honolulu"]
    got = submission.to_utc(dates(*["2013-06-01"] * 5), pd.Series([800] * 5), pd.Series(zones))

    assert values(got) == at(
        *("2013-06-01 13:00", "2013-06-01 12:00", "2013-06-01 02:30", "2013-06-01 13:00"),
        "2013-06-01 18:00",
    )


@task("to_utc")
def test_one_zone_for_all_rows(submission):
    """A single text is the zone of every row."""
    got = submission.to_utc(
        dates("2013-06-01", "2013-12-01"), pd.Series([800, 900]), "Asia/Kolkata"
    )

    assert values(got) == at("2013-06-01 02:30", "2013-12-01 03:30")


@task("to_utc", weight=2)
def test_2400_is_the_next_midnight(submission):
    """2400 is 0:00 of the day after, also at the end of a month or year; 0 is the day's own
    beginning."""
    date = dates("2013-01-31", "2013-12-31", "2013-12-31", "2013-11-03")
    got = submission.to_utc(date, pd.Series([2400, 2400, 0, 2400]), pd.Series([NEW_YORK] * 4))

    assert values(got) == at(
        "2013-02-01 05:00", "2014-01-01 05:00", "2013-12-31 05:00", "2013-11-04 05:00"
    )


@task("to_utc", weight=2)
def test_days_of_23_and_25_hours(submission):
    """On the days when clocks change, readings after the change are read in the new time."""
    date = dates("2013-03-10", "2013-03-10", "2013-11-03", "2013-11-03")
    got = submission.to_utc(date, pd.Series([100, 1200, 30, 1200]), NEW_YORK)

    assert values(got) == at(
        "2013-03-10 06:00", "2013-03-10 16:00", "2013-11-03 04:30", "2013-11-03 17:00"
    )


@task("to_utc", weight=2)
def test_a_local_time_that_never_was_is_null(submission):
    """What clocks jumped over is null on its own row, whatever `second` says; the minutes at its
    edges exist."""
    hhmm = pd.Series([159, 200, 230, 259, 300])
    for second in (None, pd.Series([False] * 5), pd.Series([True] * 5)):
        got = submission.to_utc(dates(*["2013-03-10"] * 5), hhmm, NEW_YORK, second)

        assert values(got) == at("2013-03-10 06:59", None, None, None, "2013-03-10 07:00")


@task("to_utc", weight=2)
def test_second_chooses_between_two(submission):
    """Where a local time came twice, false is the first and true the second, and an unknown choice
    gives null."""
    hhmm, date = pd.Series([100, 130, 159] * 3), dates(*["2013-11-03"] * 9)
    second = pd.Series([False] * 3 + [True] * 3 + [None] * 3, dtype="boolean")

    got = submission.to_utc(date, hhmm, pd.Series([NEW_YORK] * 9), second)

    assert values(got) == at(
        *("2013-11-03 05:00", "2013-11-03 05:30", "2013-11-03 05:59"),
        *("2013-11-03 06:00", "2013-11-03 06:30", "2013-11-03 06:59"),
        *(None, None, None),
    )
    assert values(submission.to_utc(date, hhmm, NEW_YORK)) == [None] * 9


@task("to_utc")
def test_second_may_be_plain_bool(submission):
    """`second` may be a column of plain bool, too."""
    second = pd.Series([True, False])

    got = submission.to_utc(dates(*["2013-11-03"] * 2), pd.Series([130, 130]), NEW_YORK, second)

    assert values(got) == at("2013-11-03 06:30", "2013-11-03 05:30")


@task("to_utc")
def test_second_matters_only_where_there_are_two(submission):
    """Where a local time came once, the answer is that instant, whatever `second` says."""
    second = pd.Series([True, False, None, True], dtype="boolean")
    date = dates("2013-11-03", "2013-11-03", "2013-07-01", "2013-07-01")

    got = submission.to_utc(date, pd.Series([59, 200, 130, 130]), NEW_YORK, second)

    assert values(got) == at(
        "2013-11-03 04:59", "2013-11-03 07:00", "2013-07-01 05:30", "2013-07-01 05:30"
    )


@task("to_utc")
def test_not_every_zone_changes_by_an_hour_at_two(submission):
    """Zones have their own rules: Lord Howe moves by half an hour, in Sao Paulo midnight was jumped
    over, Arizona does nothing."""
    zones = ["Australia/Lord_Howe"] * 3 + ["America/Sao_Paulo"] * 3 + ["America/Phoenix"]
    date = dates(*["2013-10-06"] * 3, "2013-10-19", "2013-10-20", "2013-10-20", "2013-03-10")

    got = submission.to_utc(date, pd.Series([159, 215, 230, 2400, 30, 100, 230]), pd.Series(zones))

    assert values(got) == at(
        *("2013-10-05 15:29", None, "2013-10-05 15:30", None, None, "2013-10-20 03:00"),
        "2013-03-10 09:30",
    )


@task("to_utc", weight=2)
def test_no_time_is_null(submission):
    """A reading that no clock shows gives null on its row, and only there."""
    bad = [1267, 960, 2360, 2401, 2430, 9999, -5, -1240]
    got = submission.to_utc(
        dates(*["2013-06-01"] * 9), pd.Series([*bad, 1230]), pd.Series([NEW_YORK] * 9)
    )

    assert values(got) == at(*[None] * 8, "2013-06-01 16:30")


@task("to_utc")
@pytest.mark.parametrize("dtype", ["float64", "Int64"])
def test_nulls_give_null(submission, dtype):
    """A null date, reading or zone gives null on its row, whether readings are float64 or Int64."""
    date = dates("2013-06-01", "2013-06-01", None, "2013-06-01")
    hhmm = pd.Series([800, None, 800, 800], dtype=dtype)

    got = submission.to_utc(date, hhmm, pd.Series([NEW_YORK, NEW_YORK, NEW_YORK, None]))

    assert values(got) == at("2013-06-01 12:00", None, None, None)


@task("to_utc")
def test_an_unknown_zone_is_refused_by_name(submission):
    """A zone that does not exist raises ValueError and is named, whether one for all or one of
    many."""
    date, hhmm = dates("2013-06-01", "2013-06-01"), pd.Series([800, 800])
    assert values(submission.to_utc(date, hhmm, NEW_YORK))[0] == at("2013-06-01 12:00")[0]

    for zone in ("Mars/Olympus", pd.Series([NEW_YORK, "Mars/Olympus"])):
        with pytest.raises(ValueError, match="Mars/Olympus"):
            submission.to_utc(date, hhmm, zone)


@task("to_utc")
def test_labels_and_order_stay(submission):
    """The answer has the labels of `date`, in its order, also when labels repeat or are text."""
    zones = [NEW_YORK, "America/Chicago", NEW_YORK]
    for labels in (["b", "a", "b"], [7, 7, 0]):
        date = dates(*["2013-06-01"] * 3).set_axis(labels)
        hhmm = pd.Series([800, 900, 1000], index=labels)
        second = pd.Series([True] * 3, index=labels)

        got = submission.to_utc(date, hhmm, pd.Series(zones, index=labels), second)

        assert values(got) == at("2013-06-01 12:00", "2013-06-01 14:00", "2013-06-01 14:00")
        assert list(got.index) == labels


@task("to_utc")
def test_no_rows_give_no_rows(submission):
    """Without rows the answer is an empty Series of instants in UTC, and without any zone one of
    nulls."""
    date, hhmm = dates("2013-06-01"), pd.Series([800])

    assert values(submission.to_utc(date, hhmm, NEW_YORK)) == at("2013-06-01 12:00")
    assert values(submission.to_utc(date[:0], hhmm[:0], pd.Series([], dtype="str"))) == []
    assert values(submission.to_utc(date[:0], hhmm[:0], NEW_YORK)) == []
    assert values(submission.to_utc(date, hhmm, pd.Series([None], dtype="str"))) == [None]


@task("to_utc")
def test_the_inputs_are_left_alone(submission):
    """The Series that the caller passed are the same after the call."""
    rows = made_up(7)
    inputs = [rows[column] for column in ("date", "hhmm", "tz", "second")]

    call = submission.call("to_utc", *(column.copy() for column in inputs))

    assert len(values(call.value)) == len(rows)
    for after, before in zip(call.args, inputs, strict=True):
        pd.testing.assert_series_equal(after, before)


@task("to_utc", weight=3)
def test_any_reading_in_any_zone(submission):
    """For all days and zones, the answer is the instant at which clocks there showed that reading,
    and null where there was none or a choice."""
    for seed in range(3):
        rows = made_up(seed)

        got = submission.to_utc(rows["date"], rows["hhmm"], rows["tz"], rows["second"])

        assert values(got) == [due(*row) for row in rows.itertuples(index=False, name=None)]


@task("to_utc", weight=2)
def test_real_flights(submission):
    """On real flights the schedule agrees with the column that has it in UTC, and arrivals are read
    by the clocks of their destination."""
    flights = load("flights_2013_sample").iloc[::60]
    zones = load("airports_2013").set_index("faa")["tzone"]
    date = pd.to_datetime(flights[["year", "month", "day"]])

    left = submission.to_utc(date, flights["sched_dep_time"], NEW_YORK)
    there = flights["dest"].map(zones)
    landed = submission.to_utc(date, flights["arr_time"], there)

    assert (left.dt.floor("h") == flights["time_hour"]).all()
    rows = zip(date, flights["arr_time"], there, strict=True)
    assert values(landed) == [due(*row) for row in rows]
