"""What decides the points of late_rate_asof; never shipped."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest

from grader import load, task

ZONES = ["America/New_York", "America/Chicago", "America/Los_Angeles", "Pacific/Honolulu"]
START = pd.Timestamp("2013-06-10")


def made_up(seed, days=4, per_day=8, zones=tuple(ZONES)):
    """Return a table of some days, shuffled, with labels that repeat."""
    rng = np.random.default_rng(seed)
    n = days * per_day
    day = START + pd.to_timedelta(np.repeat(np.arange(days), per_day), unit="D")
    due = day + pd.to_timedelta(rng.integers(9 * 60, 23 * 60, n), unit="m")
    zone = rng.choice(zones, n)
    late = np.where(rng.random(n) < 0.4, rng.integers(0, 400, n), rng.integers(-30, 30, n))
    late = np.where(rng.random(n) < 0.2, 15, late)  # the boundary
    landed = [
        pd.Timestamp(clock, tz=name).tz_convert("UTC") + pd.Timedelta(minutes=int(minutes))
        for clock, name, minutes in zip(due, zone, late, strict=True)
    ]
    table = pd.DataFrame({"day": day, "due": due, "zone": zone, "landed": landed, "extra": 1})
    table["landed"] = table["landed"].mask(pd.Series(rng.random(n) < 0.15))
    return table.sample(frac=1, random_state=seed).set_index(pd.Index(rng.integers(0, 9, n)))


def due_rates(flights, now):
    """Return {day: rate} as due, worked out flight by flight with the standard library."""
    now, days = now.to_pydatetime(), {}
    for row in flights.itertuples():
        due = row.due.to_pydatetime().replace(tzinfo=ZoneInfo(row.zone)).astimezone(ZoneInfo("UTC"))
        late = pd.isna(row.landed) or row.landed.to_pydatetime() - due >= timedelta(minutes=15)
        days.setdefault(row.day, []).append((due + timedelta(hours=3) <= now, late))
    return {
        day: sum(late for _, late in rows) / len(rows)
        for day, rows in sorted(days.items())
        if all(over for over, _ in rows)
    }


def check(answer, expected):
    assert isinstance(answer, pd.Series)
    assert list(answer.index) == list(expected)
    assert list(answer) == pytest.approx(list(expected.values()))


def moments(seed, table, count=3):
    rng = np.random.default_rng(seed)
    hours = rng.uniform(12, 24 * (table["day"].nunique() + 1), count)
    return [START.tz_localize("UTC") + pd.Timedelta(hours=h).round("min") for h in hours]


@task("late_rate_asof", weight=3)
def test_rates_of_finished_days(submission):
    """At any moment, exactly the days whose windows are all over are reported, each with its
    share of late flights."""
    seen = set()
    for seed in range(3):
        table = made_up(seed)
        for now in moments(seed, table):
            expected = due_rates(table, now)
            check(submission.late_rate_asof(table.copy(), now), expected)
            seen.add(len(expected))
    assert len(seen) > 2


@task("late_rate_asof", weight=2)
def test_the_future_changes_nothing(submission):
    """Rates that have been reported stay the same whatever happens afterwards: landings after now,
    and days that are added."""
    table = made_up(5, days=3)
    now = pd.Timestamp("2013-06-12 15:00", tz="UTC")
    before = submission.late_rate_asof(table.copy(), now)
    assert 0 < len(before) < 3

    later = table.copy()
    later["landed"] = later["landed"].mask(later["landed"] > now)
    more = made_up(6, days=2).assign(day=lambda x: x["day"] + pd.Timedelta(days=9))
    more["due"] += pd.Timedelta(days=9)
    later = pd.concat([more, later])

    check(submission.late_rate_asof(later, now), before.to_dict())
    after = submission.late_rate_asof(table.copy(), now + pd.Timedelta(days=30))
    assert after[before.index].tolist() == pytest.approx(before.tolist())


@task("late_rate_asof", weight=2)
def test_never_landed_is_late(submission):
    """Flights that never land count as late, and a day of nothing but cancellations has a rate of
    1."""
    table = made_up(7, days=2)
    now = pd.Timestamp("2013-06-20", tz="UTC")
    table["landed"] = table["landed"].mask(table["day"] == START)

    check(submission.late_rate_asof(table.copy(), now), due_rates(table, now))
    assert submission.late_rate_asof(table.copy(), now)[START] == 1


@task("late_rate_asof")
def test_cancelled_flights_keep_a_day_open(submission):
    """The window of a flight that will never land has to be over, too, before its day is
    reported."""
    table = made_up(8, days=1)
    last = table["due"].max() + pd.Timedelta(hours=4)
    table.iloc[0, table.columns.get_loc("due")] = last
    table.iloc[0, table.columns.get_loc("zone")] = "Pacific/Honolulu"
    table.iloc[0, table.columns.get_loc("landed")] = pd.NaT
    over = last.tz_localize("Pacific/Honolulu") + pd.Timedelta(hours=3)

    assert len(submission.late_rate_asof(table.copy(), over - pd.Timedelta(minutes=1))) == 0
    check(submission.late_rate_asof(table.copy(), over), due_rates(table, over))


@task("late_rate_asof", weight=2)
def test_a_half_finished_day_is_not_reported(submission):
    """A day of which some flights are decided, or all but one, or of which all have landed, is
    still not reported as long as one window is open."""
    table = made_up(9, days=2, zones=("America/New_York",))
    table["landed"] = table["due"].dt.tz_localize("America/New_York").dt.tz_convert("UTC")
    for day in table["day"].unique():
        last = table.loc[table["day"] == day, "due"].max()
        for hours in (-4, 0.5, 2.9, 3.1):
            now = (last + pd.Timedelta(hours=hours)).tz_localize("America/New_York")
            check(submission.late_rate_asof(table.copy(), now), due_rates(table, now))


@task("late_rate_asof", weight=2)
def test_the_clock_at_the_destination_counts(submission):
    """due is a local clock: the same reading is a later moment farther west, for the delay and for
    the window."""
    clock = pd.Timestamp("2013-06-10 15:00")
    for zone in ZONES:
        moment = clock.tz_localize(zone)
        table = pd.DataFrame({"day": [START] * 2, "due": [clock] * 2, "zone": [zone] * 2})
        table["landed"] = [moment.tz_convert("UTC") + pd.Timedelta(minutes=m) for m in (14, 16)]
        over = moment + pd.Timedelta(hours=3)

        check(submission.late_rate_asof(table.copy(), over), {START: 0.5})
        assert len(submission.late_rate_asof(table, over - pd.Timedelta(minutes=1))) == 0


@task("late_rate_asof")
def test_fifteen_minutes_are_late(submission):
    """Exactly 15 minutes after due is late; a second less is not."""
    table = pd.DataFrame(
        {"day": [START], "due": [START + pd.Timedelta(hours=9)], "zone": ZONES[:1]}
    )
    due = table["due"].dt.tz_localize(ZONES[0]).dt.tz_convert("UTC")
    now = pd.Timestamp("2013-06-13", tz="UTC")
    for seconds, rate in [(899, 0.0), (900, 1.0), (-600, 0.0)]:
        table["landed"] = due + pd.Timedelta(seconds=seconds)
        check(submission.late_rate_asof(table.copy(), now), {START: rate})


@task("late_rate_asof")
def test_clocks_that_change(submission):
    """In winter and in summer, and on the day on which clocks change, a local time is the right
    moment."""
    rows = [
        ("2013-01-15", "01-15 12:00"),
        ("2013-03-10", "03-10 12:00"),
        ("2013-11-03", "11-03 9:00"),
    ]
    table = pd.DataFrame({"day": pd.to_datetime([day for day, _ in rows])})
    table["due"] = pd.to_datetime([f"2013-{due}" for _, due in rows])
    for zone in ("America/New_York", "America/Phoenix"):
        table["zone"] = zone
        utc = table["due"].dt.tz_localize(zone).dt.tz_convert("UTC")
        table["landed"] = utc + pd.to_timedelta([14, 15, 14], unit="m")
        for moment in utc:
            for minutes in (179, 180):
                now = moment + pd.Timedelta(minutes=minutes)
                check(submission.late_rate_asof(table.copy(), now), due_rates(table, now))


@task("late_rate_asof")
def test_three_hours_have_passed(submission):
    """The window takes three hours that pass, also when clocks change in between: a flight that is
    due at 0:30 in New York is decided at 4:30 on 10 March, and at 2:30 on 3 November."""
    for clock, over in (("2013-03-10 0:30", "03-10 08:30"), ("2013-11-03 0:30", "11-03 07:30")):
        due, end = pd.Timestamp(clock), pd.Timestamp(f"2013-{over}", tz="UTC")
        table = pd.DataFrame({"day": [due.normalize()], "due": [due], "zone": ZONES[:1]})
        table["landed"] = [end - pd.Timedelta(hours=3)]
        minute = pd.Timedelta(minutes=1)

        assert len(submission.late_rate_asof(table.copy(), end - minute)) == 0
        check(submission.late_rate_asof(table.copy(), end), {due.normalize(): 0.0})


@task("late_rate_asof")
def test_now_may_be_in_any_zone(submission):
    """The same moment gives the same answer, whichever time zone now is written in."""
    table = made_up(10)
    now = pd.Timestamp("2013-06-12 13:30", tz="UTC")
    expected = due_rates(table, now)
    assert 0 < len(expected) < 4
    for zone in ("UTC", "Asia/Tokyo", "America/New_York"):
        check(submission.late_rate_asof(table.copy(), now.tz_convert(zone)), expected)


@task("late_rate_asof")
def test_no_finished_day(submission):
    """If no day is finished, or there are no flights, the Series is empty."""
    table = made_up(11)
    for flights in (table, table.iloc[:0]):
        answer = submission.late_rate_asof(flights.copy(), pd.Timestamp("2013-06-10", tz="UTC"))
        assert isinstance(answer, pd.Series)
        assert len(answer) == 0


@task("late_rate_asof")
def test_the_table_is_not_changed(submission):
    """flights is afterwards as it was."""
    table = made_up(12)
    now = pd.Timestamp("2013-06-20", tz="UTC")

    call = submission.call("late_rate_asof", table.copy(), now)

    pd.testing.assert_frame_equal(call.args[0], table)
    check(call.value, due_rates(table, now))


@task("late_rate_asof")
def test_real_flights_of_june(submission):
    """On real flights around 24 June 2013, cancellations and zones included, the rates are those
    of the rules."""
    sample = load("flights_2013_sample")
    sample = sample[(sample["month"] == 6) & sample["day"].between(23, 26)]
    zones = load("airports_2013").set_index("faa")["tzone"]
    table = pd.DataFrame({"day": pd.to_datetime(sample[["year", "month", "day"]])})
    table["zone"] = sample["dest"].map(zones).fillna("America/Puerto_Rico")
    clock = sample["sched_arr_time"] // 100 * 60 + sample["sched_arr_time"] % 100
    overnight = (sample["sched_arr_time"] < 600).astype(int)
    table["due"] = table["day"] + pd.to_timedelta(clock + 1440 * overnight, unit="m")
    delays = pd.to_timedelta(sample["arr_delay"], unit="m")
    table["landed"] = pd.concat(
        clocks["due"].dt.tz_localize(name).dt.tz_convert("UTC") + delays[clocks.index]
        for name, clocks in table.groupby("zone")
    )
    for now in ("2013-06-25 08:30", "2013-06-25 18:00", "2013-06-26 12:00"):
        moment = pd.Timestamp(now, tz="America/New_York")
        check(submission.late_rate_asof(table.copy(), moment), due_rates(table, moment))
