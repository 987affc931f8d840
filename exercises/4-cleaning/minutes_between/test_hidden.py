"""What decides the points of minutes_between; never shipped."""

import numpy as np
import pandas as pd
import pytest

from grader import load, task

DAY = 1440


def ints(*values):
    return pd.Series(values, dtype="Int64")


def values(result):
    """Return a Series as a list of numbers, with None for every kind of null."""
    assert isinstance(result, pd.Series)
    return [None if pd.isna(value) else value for value in result]


def reading(minutes):
    """Write minutes since some midnight as the clock shows them."""
    minutes = minutes % DAY
    return minutes // 60 * 100 + minutes % 60


def made_up(seed, low, high, n=300):
    """Return readings that lie a known number of minutes apart."""
    rng = np.random.default_rng(seed)
    start = rng.integers(0, DAY, n)
    apart = rng.integers(low, high, n)
    apart[:2] = low, high - 1
    return pd.Series(reading(start)), pd.Series(reading(start + apart)), pd.Series(apart)


@task("minutes_between", weight=2)
def test_minutes_on_the_same_day(submission):
    """Within a day the answer is the difference in minutes, with 60 of them to the hour, late or
    early."""
    got = submission.minutes_between(
        ints(600, 1259, 1410, 859, 5), ints(615, 1301, 1355, 1001, 101)
    )

    assert values(got) == [15, 2, -15, 62, 56]


@task("minutes_between", weight=2)
def test_late_across_midnight(submission):
    """Leaving after midnight on a schedule before midnight is late, not most of a day early."""
    got = submission.minutes_between(ints(2300, 2359, 1830), ints(45, 0, 500))

    assert values(got) == [105, 1, 630]


@task("minutes_between", weight=2)
def test_early_stays_early(submission):
    """Leaving early gives a negative number, also when that is on the evening before."""
    got = submission.minutes_between(ints(1200, 1, 30, 700), ints(1155, 2359, 2350, 2330))

    assert values(got) == [-5, -2, -40, -450]


@task("minutes_between")
def test_2400_counts_as_midnight_on_both_sides(submission):
    """2400 and 0 are the same reading, whether scheduled or actual, with and without a hint."""
    got = submission.minutes_between(ints(2400, 2400, 2345, 10), ints(5, 2400, 2400, 2400))
    hinted = submission.minutes_between(ints(2330, 2330), ints(2400, 0), ints(1500, 1500))

    assert values(got) == [5, 0, 15, -10]
    assert values(hinted) == [1470, 1470]


@task("minutes_between", weight=2)
def test_no_time_on_either_side_gives_null(submission):
    """A reading that no clock shows gives null on its own row, and only there; a hint does not
    repair it."""
    for bad in (1267, 960, 2360, 2401, 2430, 9999, -5, -1240):
        sched, actual = ints(1200, bad, 1200, bad), ints(1230, 1230, bad, bad)

        plain = submission.minutes_between(sched, actual)
        hinted = submission.minutes_between(sched, actual, ints(30, 30, 30, 30))

        assert values(plain) == [30, None, None, None]
        assert values(hinted) == [30, None, None, None]


@task("minutes_between")
@pytest.mark.parametrize("dtype", ["float64", "Int64"])
def test_null_readings_give_null(submission, dtype):
    """Where a reading is missing the answer is null, whether the column is float64 or nullable
    Int64."""
    sched = pd.Series([1200, None, 2350, None], dtype=dtype)
    actual = pd.Series([1210, 1210, None, None], dtype=dtype)

    assert values(submission.minutes_between(sched, actual)) == [10, None, None, None]


@task("minutes_between")
def test_the_columns_may_differ_in_type(submission):
    """An int64 schedule with a float64 or Int64 reading and hint works, as in the flight tables."""
    sched = pd.Series([1200, 2350, 900], dtype="int64")
    for other in ("float64", "Int64"):
        actual = pd.Series([1145, 20, None], dtype=other)
        for rough in ("float64", "Int64"):
            hint = pd.Series([None, 1400, 30], dtype=rough)

            assert values(submission.minutes_between(sched, actual, hint)) == [-15, 1470, None]


@task("minutes_between")
def test_exactly_half_a_day_is_late(submission):
    """Twelve hours could be early or late: the answer is the late one, and a minute more is
    early."""
    got = submission.minutes_between(ints(600, 1800, 600, 600), ints(1800, 600, 1801, 1759))

    assert values(got) == [720, 720, -719, 719]


@task("minutes_between", weight=2)
def test_more_than_half_a_day_takes_a_hint(submission):
    """Past twelve hours, early or late, only the hint decides, and several days are possible."""
    sched, actual = ints(1000, 1000, 1000, 1000), ints(900, 1100, 1000, 2200)
    hint = ints(1380, -1380, 2880, -720)

    assert values(submission.minutes_between(sched, actual, hint)) == [1380, -1380, 2880, -720]
    assert values(submission.minutes_between(sched, actual)) == [-60, 60, 0, 720]


@task("minutes_between", weight=2)
def test_a_rough_hint_is_enough(submission):
    """The hint chooses among the answers that the clock allows; it is not itself the answer."""
    sched, actual = ints(1000, 1000, 1000, 1000), ints(2320, 2320, 1010, 900)
    hint = ints(700, -300, 30, 720)

    assert values(submission.minutes_between(sched, actual, hint)) == [800, -640, 10, 1380]


@task("minutes_between")
def test_half_a_day_from_the_hint_is_the_later(submission):
    """When two answers are equally far from the hint, the later one is due."""
    got = submission.minutes_between(ints(600, 600), ints(1800, 600), ints(1440, 720))

    assert values(got) == [2160, 1440]


@task("minutes_between")
@pytest.mark.parametrize("dtype", ["float64", "Int64"])
def test_a_null_hint_is_no_hint(submission, dtype):
    """Where the hint is null the readings decide alone: the answer is not lost."""
    hint = pd.Series([None, 1380, None, None, None], dtype=dtype)
    sched, actual = ints(900, 900, 2355, 600, 600), ints(800, 800, 5, 1800, 1801)

    got = submission.minutes_between(sched, actual, hint)

    assert values(got) == [-60, 1380, 10, 720, -719]


@task("minutes_between")
def test_rows_keep_their_labels(submission):
    """The answer has the index of the input, in its order, also when labels repeat or are text."""
    for labels in (["b", "a", "b"], [7, 7, 0]):
        sched = pd.Series([1200, 1300, 2350], index=labels)
        actual = pd.Series([1201, 1302, 2353], index=labels)
        hint = pd.Series([5.0, None, 5.0], index=labels)

        for got in (
            submission.minutes_between(sched, actual),
            submission.minutes_between(sched, actual, hint),
        ):
            assert values(got) == [1, 2, 3]
            assert list(got.index) == labels


@task("minutes_between")
def test_no_rows_give_no_rows(submission):
    """An empty table gives an empty Series; one row gives one row."""
    assert values(submission.minutes_between(ints(1200), ints(1201))) == [1]
    assert values(submission.minutes_between(ints(), ints())) == []
    assert values(submission.minutes_between(ints(), ints(), ints())) == []


@task("minutes_between")
def test_the_inputs_are_left_alone(submission):
    """The Series that the caller passed are the same after the call."""
    sched, actual = ints(1200, 2400, 1267, 900), ints(1210, 10, 1300, 2400)
    hint = pd.Series([10.0, None, 30.0, 890.0])

    call = submission.call("minutes_between", sched.copy(), actual.copy(), hint.copy())

    assert values(call.value)[0] == 10
    for after, before in zip(call.args, (sched, actual, hint), strict=True):
        pd.testing.assert_series_equal(after, before)


@task("minutes_between", weight=2)
def test_any_wait_within_half_a_day_is_found(submission):
    """Whatever the time of day, readings less than half a day apart give back the minutes between
    them."""
    for seed in range(3):
        sched, actual, apart = made_up(seed, -719, 721)

        assert values(submission.minutes_between(sched, actual)) == apart.tolist()
        shuffled = sched.sample(frac=1, random_state=seed).index
        got = submission.minutes_between(sched[shuffled], actual[shuffled])
        assert values(got) == apart[shuffled].tolist()


@task("minutes_between")
def test_any_wait_is_found_with_a_rough_hint(submission):
    """With a hint that is less than half a day off, waits of any length, early or late, are
    found."""
    for seed in range(3):
        sched, actual, apart = made_up(seed, -4000, 4000)
        off = np.random.default_rng(seed + 100).integers(-700, 701, len(apart))

        got = submission.minutes_between(sched, actual, apart + off)

        assert values(got) == apart.tolist()


@task("minutes_between")
@pytest.mark.parametrize("side", ["dep", "arr"])
def test_real_flights_of_2013(submission, side):
    """On real flights the minutes agree with the delay that the airline reported; cancelled flights
    stay null."""
    flights = load("flights_2013_sample")
    flights = flights[flights.index % 3 == 0] if side == "arr" else flights
    sched, actual = flights[f"sched_{side}_time"], flights[f"{side}_time"]
    delay = flights[f"{side}_delay"]
    known = delay.notna().to_numpy()

    plain = pd.Series(values(submission.minutes_between(sched, actual)), dtype="float64")
    hinted = pd.Series(values(submission.minutes_between(sched, actual, delay)), dtype="float64")

    assert (plain.isna().to_numpy() == actual.isna().to_numpy()).all()
    assert (hinted[known].to_numpy() == delay[known].to_numpy()).all()
    short = known & delay.between(-719, 720).to_numpy()
    assert (plain[short].to_numpy() == delay[short].to_numpy()).all()
