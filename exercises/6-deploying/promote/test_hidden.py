"""What decides the points of promote; never shipped."""

import numpy as np
import pandas as pd
import pytest

from grader import load, task

EASY = {"max_gap": 1.0, "min_rows": 10**9}  # for questions that are not about these


def made_up(gains, size=10, carrier="UA", late=1.0):
    """Return (old, new, log) with `size` requests a day, all late, whose daily gain is as given."""
    sizes = size if isinstance(size, list) else [size] * len(gains)
    days = np.repeat([f"d{n:03}" for n in range(len(gains))], sizes)
    gain = np.repeat(np.asarray(gains, dtype=float), sizes)
    ids = [f"q{n}" for n in range(len(days))]
    log = pd.DataFrame({"day": days, "carrier": carrier, "late": late}, index=ids)
    old = pd.Series(0.5, index=ids)  # wrong by a half, squared a quarter
    error = np.sqrt(0.25 - gain)
    new = pd.Series(abs(late - error), index=ids)
    return old, new, log


def random_run(seed, days=30, a_day=30):
    rng = np.random.default_rng(seed)
    n = days * a_day
    base = np.repeat(rng.uniform(0.05, 0.7, days), a_day)
    late = (rng.random(n) < base).astype(float)
    ids = pd.Index(rng.permutation(n) + 1000)
    days = np.repeat([f"2013-11-{d + 1:02}" for d in range(days)], a_day)
    carrier = rng.choice(["AA", "B6", "UA", "WN"], n, p=[0.2, 0.3, 0.45, 0.05])
    log = pd.DataFrame({"day": days, "carrier": carrier, "late": late}, index=ids)
    log.loc[rng.random(n) < 0.1, "late"] = np.nan
    old = pd.Series(np.clip(base + rng.normal(0, 0.2, n), 0, 1), index=ids)
    spread = rng.choice([0.1, 0.19, 0.25])
    new = pd.Series(np.clip(base + rng.normal(rng.choice([0, 0.03]), spread, n), 0, 1), index=ids)
    old = old.sample(frac=0.97, random_state=seed)
    return old, new.sample(frac=0.97, random_state=seed + 1), log


def due(old, new, log, min_days=14, max_gap=0.02, min_rows=100, max_loss=0.005):
    """Return what promote owes, worked out request by request."""
    before, after = old.to_dict(), new.to_dict()
    rows = [
        (day, carrier, late, before[id], after[id])
        for id, day, carrier, late in log.itertuples()
        if id in before and id in after and late == late
    ]
    days, carriers = {}, {}
    for day, carrier, late, was, now in rows:
        gain = (was - late) ** 2 - (now - late) ** 2
        days.setdefault(day, []).append(gain)
        carriers.setdefault(carrier, []).append(gain)
    if len(days) < min_days:
        return "keep", ["too few days"]
    daily = np.array([np.mean(gains) for gains in days.values()])
    reasons = []
    if daily.mean() - 2 * daily.std(ddof=1) / np.sqrt(len(daily)) <= 0:
        reasons.append("not better")
    if abs(np.mean([row[4] for row in rows]) - np.mean([row[2] for row in rows])) > max_gap:
        reasons.append("not calibrated")
    for carrier, gains in sorted(carriers.items()):
        if len(gains) >= min_rows and np.mean(gains) < -max_loss:
            reasons.append(f"worse for {carrier}")
    return ("keep" if reasons else "promote"), reasons


def check(submission, old, new, log, expected, **limits):
    decision, reasons = submission.promote(old, new, log, **limits)
    assert (decision, list(reasons)) == expected


@task("promote", weight=3)
def test_decisions_on_made_up_runs(submission):
    """Decision and reasons are those of the text, for runs of all kinds, with ids in any order,
    absent answers and absent outcomes."""
    seen = set()
    for seed in range(8):
        old, new, log = random_run(seed)
        expected = due(old, new, log)
        check(submission, old, new, log, expected)
        seen |= {expected[0], *expected[1]}
    assert {"promote", "keep", "not better", "not calibrated"} <= seen


@task("promote", weight=2)
def test_requests_are_paired_by_id(submission):
    """Chances and outcomes belong together by id, whatever their order."""
    old, new, log = random_run(3)
    rng = np.random.default_rng(0)
    expected = due(old, new, log)

    for _ in range(3):
        parts = [part.iloc[rng.permutation(len(part))] for part in (old, new, log)]
        check(submission, *parts, expected)


@task("promote", weight=2)
def test_without_an_outcome_nothing_is_compared(submission):
    """Requests whose outcome is not known yet change nothing, whatever the models said."""
    old, new, log = made_up([0.1, 0.12] * 10)
    open_ids = log.index[::2]
    log.loc[open_ids, "late"] = np.nan
    for said in (0.0, 1.0):
        new.loc[open_ids] = said

        check(submission, old, new, log, ("promote", []), max_gap=0.5, min_rows=1)


@task("promote")
def test_without_both_answers_nothing_is_compared(submission):
    """Requests that one of the models did not answer, or that are not in the log, change
    nothing."""
    old, new, log = made_up([0.1, 0.12] * 10)
    more = pd.Series(0.0, index=["x1", "x2", "x3"])
    new = pd.concat([new.drop(log.index[::2]), more])
    old = pd.concat([more + 1, old.drop(log.index[1::10])])

    check(submission, old, new, log, ("promote", []), **EASY)


@task("promote", weight=2)
def test_one_good_day_proves_nothing(submission):
    """A gain that comes from one day, however many requests it has, is not better."""
    old, new, log = made_up([0.2] + [-0.0005] * 29, [3000] + [20] * 29)

    check(submission, old, new, log, ("keep", ["not better"]), **EASY)


@task("promote", weight=2)
def test_small_gains_every_day_are_better(submission):
    """The models are compared on the same requests: a small gain every day counts, however much
    days differ."""
    old, new, log = made_up([0.004, 0.005, 0.006] * 7)
    hard = log["day"].isin(sorted(set(log["day"]))[::2])
    chance = new.where(~hard, 0.02)  # on hard days both are far off, the new one a little less
    old = old.where(~hard, 0.01)

    check(submission, old, chance, log, ("promote", []), **EASY)


@task("promote", weight=2)
def test_every_day_counts_once(submission):
    """A day is one observation: a day with many requests counts as much as a quiet one."""
    old, new, log = made_up([-0.01] + [0.03, 0.04] * 12, [5000] + [10] * 24)
    check(submission, old, new, log, ("promote", []), **EASY)

    old, new, log = made_up([0.2] + [-0.01, -0.02] * 12, [5000] + [10] * 24)
    check(submission, old, new, log, ("keep", ["not better"]), **EASY)


@task("promote")
def test_the_bound_is_two_standard_errors(submission):
    """The bound is the mean of the daily gains minus two standard errors, with n - 1."""
    wobble = np.array([1.0, -1.0] * 8)
    error = wobble.std(ddof=1) / 4
    for factor, decision in ((2.02, "promote"), (1.98, "keep")):
        old, new, log = made_up(0.01 * (factor * error + wobble))

        answer = submission.promote(old, new, log, **EASY)

        assert answer[0] == decision


@task("promote")
def test_no_gain_is_not_better(submission):
    """A bound of exactly 0 is not above 0."""
    old, _, log = made_up([0.0] * 20)

    check(submission, old, old.copy(), log, ("keep", ["not better"]), **EASY)


@task("promote")
def test_days_are_counted(submission):
    """Days without a known outcome are no days; min_days are enough, one less is not."""
    old, new, log = made_up([0.1, 0.11] * 10)
    late = log["day"].isin(sorted(set(log["day"]))[14:])
    log.loc[late, "late"] = np.nan

    check(submission, old, new, log, ("promote", []), **EASY)
    check(submission, old, new, log, ("keep", ["too few days"]), min_days=15, **EASY)
    check(submission, old, new, log, ("promote", []), min_days=10, **EASY)
    first = log["day"] != "d000"
    check(submission, old, new, log[first], ("keep", ["too few days"]), **EASY)


@task("promote")
def test_too_few_days_is_the_only_reason(submission):
    """With too few days no other reason is given, with none at all, either."""
    old, new, log = made_up([-0.2] * 5)
    check(submission, old, new, log, ("keep", ["too few days"]))

    log["late"] = np.nan
    check(submission, old, new, log, ("keep", ["too few days"]))


def calibrated(shift):
    """Return a run in which the new model is far better, and its mean too high by `shift`."""
    rng = np.random.default_rng(5)
    late = np.tile([1.0, 0.0], 200)
    ids = [f"q{n}" for n in range(400)]
    days = np.repeat([f"d{n}" for n in range(20)], 20)
    log = pd.DataFrame({"day": days, "carrier": "UA", "late": late}, index=ids)
    old = pd.Series(rng.uniform(0.3, 0.7, 400), index=ids)
    return old, pd.Series(0.5 + (late - 0.5) * 0.6 + shift, index=ids), log


@task("promote", weight=2)
def test_a_model_that_cries_wolf_is_not_calibrated(submission):
    """A mean chance too far above or below the share of late requests is a reason, however good the
    ranking."""
    for shift in (0.1, -0.1):
        check(submission, *calibrated(shift), ("keep", ["not calibrated"]))
        check(submission, *calibrated(shift), ("promote", []), max_gap=0.11)
    for shift in (0.015, -0.015):
        check(submission, *calibrated(shift), ("promote", []))
        check(submission, *calibrated(shift), ("keep", ["not calibrated"]), max_gap=0.01)


@task("promote", weight=2)
def test_nobody_pays_for_the_others(submission):
    """A carrier for which the new model is clearly worse is a reason, if it has requests enough."""
    old, new, log = made_up([0.05, 0.06] * 10, 40)
    some = log.index[::8]  # 100 requests, spread over the days
    log.loc[some, "carrier"] = "WN"
    new.loc[some] = 0.45
    easy = {"max_gap": 1.0}

    check(submission, old, new, log, ("keep", ["worse for WN"]), **easy)
    check(submission, old, new, log, ("promote", []), min_rows=101, **easy)
    check(submission, old, new, log, ("promote", []), max_loss=0.06, **easy)
    check(submission, old, new, log.drop(some[0]), ("promote", []), **easy)
    new.loc[some] = 0.497  # a loss of 0.003
    check(submission, old, new, log, ("promote", []), **easy)
    check(submission, old, new, log, ("keep", ["worse for WN"]), max_loss=0.002, **easy)


@task("promote")
def test_a_limit_itself_is_allowed(submission):
    """Means exactly max_gap apart, and a mean gain of exactly -max_loss, are no reasons."""
    old, _, log = made_up([0.0] * 20, 8)
    log["carrier"] = ["WN", "UA"] * 80
    new = pd.Series([0.0, 1.0] * 80, index=log.index)  # gains -0.75 and 0.25, in each day
    limits = {"min_rows": 80, "max_loss": 0.75}

    check(submission, old, new, log, ("keep", ["not better"]), max_gap=0.5, **limits)
    reasons = ["not better", "not calibrated"]
    check(submission, old, new, log, ("keep", reasons), max_gap=0.49, **limits)


@task("promote")
def test_all_reasons_in_their_order(submission):
    """All reasons are given, in alphabetical order."""
    old, new, log = made_up([-0.05, -0.06] * 10, 40)
    log["carrier"] = ["WN", "AA", "B6", "UA"] * 200
    fine = log["carrier"] == "B6"
    new = new.where(~fine, 0.6)

    reasons = ["not better", "not calibrated", "worse for AA", "worse for UA", "worse for WN"]
    check(submission, old, new, log, ("keep", reasons))


@task("promote")
def test_there_and_back_is_never_twice_yes(submission):
    """If the new model may replace the old one, the old one may not replace the new one."""
    yes = 0
    for seed in range(20, 26):
        old, new, log = random_run(seed)
        there = submission.promote(old, new, log, max_gap=0.5)[0]
        back = submission.promote(new, old, log, max_gap=0.5)[0]
        assert {there, back} <= {"promote", "keep"}
        assert "keep" in (there, back)
        yes += there == "promote"
    assert yes >= 1


@task("promote")
def test_the_inputs_stay(submission):
    """The three inputs are as they were afterwards."""
    old, new, log = random_run(4)

    call = submission.call("promote", old, new, log)

    assert call.value[0] in ("promote", "keep")
    pd.testing.assert_series_equal(call.args[0], old)
    pd.testing.assert_series_equal(call.args[1], new)
    pd.testing.assert_frame_equal(call.args[2], log)


@task("promote", weight=2)
def test_real_flights_of_2013(submission):
    """On real flights of the last quarter: a look-up by hour against the mean of all, and the
    same with a chance that is too high."""
    flights = load("flights_2013_sample").dropna(subset="arr_delay")
    flights["late"] = (flights["arr_delay"] >= 15).astype(float)
    train = flights[flights["month"] <= 9]
    test = flights[flights["month"] > 9].sample(2000, random_state=0)
    log = pd.DataFrame(
        {
            "day": test["month"].astype(str) + "-" + test["day"].astype(str),
            "carrier": test["carrier"],
            "late": test["late"],
        }
    )
    old = pd.Series(train["late"].mean(), index=test.index)
    new = test["hour"].map(train.groupby("hour")["late"].mean()).fillna(old)

    check(submission, old, new, log, due(old, new, log))
    check(submission, new, old, log, due(new, old, log))
    high = new + 0.05
    check(submission, old, high, log, due(old, high, log))
