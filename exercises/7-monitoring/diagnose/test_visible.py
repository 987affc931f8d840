"""What a learner can check at home: a July with and without faults."""

import numpy as np
import pandas as pd

from grader import task


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


REF = made_up(0)
JULY = made_up(1, year=2014, months=[7])


def ask(submission, cur, answer):
    got = submission.diagnose(REF.copy(), cur.copy())
    assert isinstance(got, str), f"a word is due, {answer!r}; got {type(got).__name__}"
    assert got == answer, f"the answer is {answer!r}; got {got!r}"


@task("diagnose")
def test_a_hot_july_is_a_season(submission):
    """July is hot and late in every year: that is a season, neither a fault nor a change."""
    ask(submission, JULY, "season")


@task("diagnose")
def test_july_in_celsius(submission):
    """July's temperatures in °C are a wrong unit."""
    ask(submission, JULY.assign(temp=(JULY["temp"] - 32) / 1.8), "unit")


@task("diagnose")
def test_july_with_a_dead_feed(submission):
    """A temperature that is null in every second row is a dead feed."""
    ask(submission, JULY.assign(temp=JULY["temp"].where(np.arange(len(JULY)) % 2 == 0)), "null")


@task("diagnose")
def test_a_new_july(submission):
    """The same July with a late rate that is 0.2 higher than in July of ref is a change."""
    worse = made_up(1, year=2014, months=[7])
    rate = REF.loc[REF["date"].dt.month == 7, "late"].mean() + 0.2
    ask(submission, worse.assign(late=np.arange(len(worse)) < rate * len(worse)), "change")
