"""What decides the points of diagnose; never shipped."""

import numpy as np
import pandas as pd
import pytest

from grader import load, task


def made_up(seed, year=2013, months=range(1, 13), per_month=200):
    """Return rows of some months: hot summers with late flights, and a summer carrier."""
    rng = np.random.default_rng(seed)
    parts = []
    for month in months:
        n, warm = per_month, (1 - np.cos((month - 0.5) / 6 * np.pi)) / 2
        day = pd.Timestamp(year, month, 1) + pd.to_timedelta(rng.integers(0, 28, n), unit="D")
        names = ["UA", "DL", "B6", "EV"] + ["FL"] * (month in (6, 7, 8))
        part = {
            "date": day,
            "sched_min": rng.integers(5 * 60, 23 * 60, n),
            "distance": rng.gamma(9.0, 110.0, n).round(),
            "temp": (34 + 42 * warm + rng.normal(0, 5, n) + rng.normal(0, 1)).round(1),
            "carrier": rng.choice(names, n),
            "late": np.arange(n) < round((0.12 + 0.26 * warm) * n),
        }
        parts.append(pd.DataFrame(part))
    return pd.concat(parts).sample(frac=1, random_state=seed).reset_index(drop=True)


REF = made_up(100)
MONTHS = {month: made_up(100 + month, year=2014, months=[month]) for month in range(1, 13)}
SEASONAL = [1, 2, 6, 7, 8, 12]
MILD = [4, 10]


def rate(table, month=None):
    rows = table if month is None else table[table["date"].dt.month == month]
    return rows["late"].mean()


def with_rate(table, share):
    """Return the table with that share of late flights, evenly spread."""
    n = round(share * len(table))
    return table.assign(late=np.random.default_rng(9).permutation(len(table)) < n)


def ask(submission, cur, answer, ref=REF):
    assert submission.diagnose(ref.copy(), cur.copy()) == answer


@task("diagnose", weight=3)
def test_a_season_is_no_fault(submission):
    """A normal month that is hot or cold, as in every year, is a season: whatever a comparison with
    the whole year says."""
    for month in SEASONAL:
        ask(submission, MONTHS[month], "season")


@task("diagnose")
def test_a_normal_month_is_fine(submission):
    """A normal month whose mean temperature is near that of the year is fine."""
    for month in MILD:
        ask(submission, MONTHS[month], "fine")


@task("diagnose", weight=2)
def test_dead_feeds(submission):
    """Half of the values null or more, in any of the four columns, is a dead feed; a tenth is
    not."""
    for month in (1, 4, 7):
        cur = MONTHS[month]
        for column in ("sched_min", "distance", "temp", "carrier"):
            for every, answer in [(1, "null"), (2, "null"), (10, None)]:
                nulls = np.arange(len(cur)) % every == 0
                holes = cur.assign(**{column: cur[column].astype(object).mask(nulls)})
                if column != "carrier":
                    holes[column] = holes[column].astype(float)
                ask(submission, holes, answer or ("fine" if month == 4 else "season"))


@task("diagnose", weight=2)
def test_new_carriers(submission):
    """A quarter of rows or more with carriers that ref has in no month is a new category; a carrier
    that ref has in summer is not, nor are more flights of an old one."""
    for month in (1, 4, 7):
        cur, usual = MONTHS[month], "fine" if month == 4 else "season"
        rows = np.arange(len(cur))
        ask(submission, cur.assign(carrier=cur["carrier"].mask(rows % 4 == 0, "YX")), "category")
        two = cur["carrier"].mask(rows % 8 == 0, "YX").mask(rows % 8 == 4, "NK")
        ask(submission, cur.assign(carrier=two), "category")
        ask(submission, cur.assign(carrier="YX"), "category")
        ask(submission, cur.assign(carrier=cur["carrier"].mask(rows % 10 == 0, "YX")), usual)
        ask(submission, cur.assign(carrier="FL"), usual)
    # Shares are of the known carriers: here 180 of 200 rows, so that 45 are a quarter.
    holes, known = MONTHS[4]["carrier"].where(rows % 10 > 0, None), rows[rows % 10 > 0]
    for new, answer in [(0, "fine"), (44, "fine"), (46, "category")]:
        carrier = holes.mask(np.isin(rows, known[:new]), "YX")
        ask(submission, MONTHS[4].assign(carrier=carrier), answer)


@task("diagnose", weight=2)
def test_units(submission):
    """Celsius and kilometers are found in every month of the year."""
    for month, cur in MONTHS.items():
        ask(submission, cur.assign(temp=(cur["temp"] - 32) / 1.8), "unit")
        ask(submission, cur.assign(distance=cur["distance"] * 1.609), "unit")
        if month in MILD:
            ask(submission, cur.assign(distance=cur["distance"] * 1.09), "fine")


@task("diagnose", weight=2)
def test_clocks(submission):
    """A schedule in UTC, four hours later in summer and five in winter, is found, although its mean
    hardly moves when evening flights start at 0 again."""
    for month in (1, 4, 7, 10):
        cur = MONTHS[month]
        later = (cur["sched_min"] + (240 if month in (4, 7, 10) else 300)) % 1440
        ask(submission, cur.assign(sched_min=later), "clock")
    evening = MONTHS[4].assign(sched_min=np.where(np.arange(200) % 3 > 0, 22 * 60, 8 * 60))
    ref = REF.assign(sched_min=np.where(np.arange(len(REF)) % 3 > 0, 22 * 60, 8 * 60))
    ask(submission, evening.assign(sched_min=(evening["sched_min"] + 240) % 1440), "clock", ref)
    ask(submission, evening, "fine", ref)


@task("diagnose", weight=3)
def test_a_changed_world(submission):
    """With right inputs, a late rate 0.1 or more above or below the same month of ref is a change,
    in a season or not."""
    for month in (1, 4, 7, 10):
        for step in (0.11, 0.3, -0.11):
            share = rate(REF, month) + step
            ask(submission, with_rate(MONTHS[month], max(share, 0)), "change")
        usual = "fine" if month in MILD else "season"
        ask(submission, with_rate(MONTHS[month], rate(REF, month) + 0.07), usual)


@task("diagnose")
def test_july_rates_in_january(submission):
    """A late rate that is usual in another month, or over the year, is a change all the same."""
    winter = with_rate(MONTHS[1], rate(REF, 7))
    assert rate(REF, 7) - rate(REF, 1) > 0.1
    ask(submission, winter, "change")
    ask(submission, with_rate(MONTHS[7], rate(REF, 1)), "change")


@task("diagnose")
def test_a_fault_in_a_season_is_a_fault(submission):
    """What is broken comes before the season: a July or a January with a fault has the fault's
    name."""
    for month in (1, 7):
        cur = MONTHS[month]
        ask(submission, cur.assign(carrier="YX"), "category")
        ask(submission, cur.assign(distance=cur["distance"] * 1.609), "unit")
        ask(submission, cur.assign(sched_min=(cur["sched_min"] + 300) % 1440), "clock")


@task("diagnose")
def test_rows_and_labels_do_not_matter(submission):
    """The order of rows and the index change nothing, and the tables stay as they were."""
    for cur, answer in [(MONTHS[7], "season"), (MONTHS[4].assign(carrier="YX"), "category")]:
        mixed = cur.sort_values("date").set_index(pd.Index(np.arange(len(cur)) // 5))
        ref = REF.sort_values("temp").set_index(pd.Index(np.arange(len(REF)) // 7))
        call = submission.call("diagnose", ref.copy(), mixed.copy())
        assert call.value == answer
        pd.testing.assert_frame_equal(call.args[0], ref)
        pd.testing.assert_frame_equal(call.args[1], mixed)


@task("diagnose", weight=2)
def test_real_months_of_2013(submission):
    """On real flights, every other day against the days between, months have the names that the
    rules give them, with faults and without."""
    flights, weather = load("flights_2013_sample"), load("weather_2013")
    keys = ["origin", "time_hour"]
    joined = flights.merge(weather[[*keys, "temp"]], on=keys, how="left")
    log = joined[["distance", "temp", "carrier"]].assign(
        date=pd.to_datetime(joined[["year", "month", "day"]]),
        sched_min=60 * joined["hour"] + joined["minute"],
        late=(joined["arr_delay"] >= 15) | joined["arr_delay"].isna(),
    )
    odd = log["date"].dt.day_of_year % 2 == 1
    ref, rest = log[odd], log[~odd]
    for month, answer in [(5, "fine"), (7, "season")]:
        cur = rest[rest["date"].dt.month == month]
        ask(submission, cur, answer, ref)
        ask(submission, cur.assign(temp=(cur["temp"] - 32) / 1.8), "unit", ref)
