"""What decides the points of best_threshold; never shipped."""

import math

import numpy as np
import pandas as pd
import pytest

from grader import load, task


def made_up(seed, n=80, scores=25):
    """Return outcomes and scores; few different scores, so that many are equal."""
    rng = np.random.default_rng(seed)
    p = rng.integers(0, scores, n) / 32
    return rng.random(n) < p, p


def due(y, p, gain, cost, max_share):
    """Return the best threshold, found by trying every score from the top."""
    best, worth = math.inf, 0
    for score in sorted(set(p.tolist()), reverse=True):
        alerted = p >= score
        if alerted.sum() / len(p) > max_share:
            break
        right = int(y[alerted].sum())
        new = gain * right - cost * (int(alerted.sum()) - right)
        if new > worth:
            best, worth = score, new
    return best


@task("best_threshold", weight=3)
def test_the_best_of_all_scores(submission):
    """No other score within the budget is worth more than the one that is returned."""
    for seed in range(2):
        y, p = made_up(seed)
        for gain, cost in ((1, 1), (3, 1), (1, 2), (7, 2)):
            for share in (1.0, 0.2):
                got = submission.best_threshold(y, p, gain, cost, share)

                assert got == due(y, p, gain, cost, share)


@task("best_threshold", weight=2)
def test_equal_scores_are_never_split(submission):
    """Rows with equal scores are counted together, whatever the order in which they come."""
    y = np.array([True, True, False, False, False, True])
    p = np.array([0.5, 0.5, 0.5, 0.5, 0.5, 0.25])
    for order in ([0, 1, 2, 3, 4, 5], [2, 3, 4, 0, 1, 5], [5, 0, 2, 1, 3, 4]):
        ask = y[order], p[order]

        assert submission.best_threshold(*ask, 1, 1, 1.0) == math.inf
        assert submission.best_threshold(*ask, 3, 2, 1.0) == 0.25
        assert submission.best_threshold(*ask, 2, 1, 0.9) == 0.5
        assert submission.best_threshold(*ask, 2, 1, 0.5) == math.inf


@task("best_threshold", weight=2)
def test_the_budget_holds(submission):
    """No more than the allowed share is alerted, exactly that share is allowed, and the budget
    need not be used up."""
    y = np.array([True, True, True, False, False, True, False, False])
    p = np.array([8, 7, 6, 5, 4, 3, 2, 1]) / 8
    answers = [submission.best_threshold(y, p, 4, 1, n / 8) for n in range(9)]

    assert answers == [math.inf, 1.0, 0.875, 0.75, 0.75, 0.75, 0.375, 0.375, 0.375]
    assert submission.best_threshold(y, p, 4, 1, 0.36) == 0.875


@task("best_threshold")
def test_nobody_is_worth_nothing(submission):
    """Alerting nobody is worth 0, so an alert that costs more than it earns, or as much, is not
    sent."""
    p = np.array([0.25, 0.75, 0.5, 0.75])
    for y in ([0, 0, 0, 0], [0, 1, 0, 0], [1, 0, 1, 0]):
        assert submission.best_threshold(np.array(y), p, 1, 1, 1.0) == math.inf
    assert submission.best_threshold(np.array([0, 1, 0, 1]), p, 1, 1, 1.0) == 0.75
    assert submission.best_threshold(np.array([0, 1, 0, 0]), p, 2, 1, 1.0) == 0.75
    assert submission.best_threshold(np.ones(4), p, 0, 0, 1.0) == math.inf


@task("best_threshold")
def test_everybody_is_an_option(submission):
    """If even the lowest score pays, everybody is alerted."""
    y, p = np.array([0, 1, 1, 0, 1]), np.array([5.0, 4.0, 3.0, 2.0, 1.0])

    assert submission.best_threshold(y, p, 9, 1, 1.0) == 1.0
    assert submission.best_threshold(y, p, 1, 0, 1.0) == 1.0
    assert submission.best_threshold(np.array([1]), np.array([0.5]), 1, 1, 1.0) == 0.5
    assert submission.best_threshold(np.array([1]), np.array([0.5]), 1, 1, 0.5) == math.inf


@task("best_threshold")
def test_equal_worth_means_fewer_alerts(submission):
    """Of thresholds that are worth the same, the one with the fewest alerts is returned."""
    y = np.array([1, 0, 1, 0, 0, 1, 1])
    p = np.array([7, 6, 5, 4, 3, 2, 1]) / 8

    assert submission.best_threshold(y, p, 1, 1, 1.0) == 0.875
    assert submission.best_threshold(y[::-1], p[::-1], 1, 1, 1.0) == 0.875
    assert submission.best_threshold(y, p, 3, 0, 0.9) == 0.25


@task("best_threshold", weight=2)
@pytest.mark.parametrize("name", ["double", "shift", "cube", "ranks", "exp"])
def test_only_the_order_of_the_scores_counts(submission, name):
    """Put the scores through an increasing function, and the threshold goes along: the same rows
    are alerted, also when scores are large or negative."""
    maps = {
        "double": lambda p: 2 * p,
        "shift": lambda p: p - 3,
        "cube": lambda p: (p - 0.5) ** 3,
        "ranks": lambda p: np.unique(p, return_inverse=True)[1],
        "exp": lambda p: np.exp(20 * p),
    }
    for seed in range(2):
        y, p = made_up(seed + 20)
        q = maps[name](p)
        for share in (1.0, 0.2):
            got = submission.best_threshold(y, q, 2, 1, share)

            assert got == due(y, q, 2, 1, share)
            assert ((q >= got) == (p >= due(y, p, 2, 1, share))).all()


@task("best_threshold")
def test_close_scores_are_different_scores(submission):
    """Scores that differ by very little are different: there is no grid of thresholds."""
    rng = np.random.default_rng(30)
    p = 0.5 + rng.permutation(400) * 1e-9
    y = rng.random(400) < (p - 0.5) * 2e6

    for gain, cost, share in ((1, 1, 1.0), (3, 1, 1.0), (3, 1, 0.2)):
        assert submission.best_threshold(y, p, gain, cost, share) == due(y, p, gain, cost, share)


@task("best_threshold")
def test_the_order_of_the_rows_does_not_count(submission):
    """Shuffling the rows changes nothing."""
    for seed in range(3):
        y, p = made_up(seed + 40)
        order = np.random.default_rng(seed).permutation(len(p))

        got = submission.best_threshold(y[order], p[order], 3, 2, 0.5)

        assert got == due(y, p, 3, 2, 0.5)


@task("best_threshold")
def test_more_gain_never_means_fewer_alerts(submission):
    """A higher gain, or a larger budget, never raises the threshold; a higher cost never lowers
    it."""
    y, p = made_up(50, n=200, scores=30)

    gains = [submission.best_threshold(y, p, gain, 4, 1.0) for gain in range(0, 12, 2)]
    costs = [submission.best_threshold(y, p, 4, cost, 1.0) for cost in range(0, 12, 2)]

    assert gains == sorted(gains, reverse=True)
    assert costs == sorted(costs)
    assert gains[0] == math.inf
    assert (len(set(gains)) > 3, len(set(costs)) > 3) == (True, True)


@task("best_threshold")
def test_arrays_and_series_mean_the_same(submission):
    """Arrays and Series give the same answer: rows belong together by position, and a Series' index
    means nothing."""
    y, p = made_up(60)
    expected = due(y, p, 2, 1, 0.6)
    labels = np.random.default_rng(61).integers(0, 9, len(p))

    assert submission.best_threshold(y.astype(int), p, 2, 1, 0.6) == expected
    series = pd.Series(y, index=labels), pd.Series(p, index=labels[::-1])
    assert submission.best_threshold(*series, 2, 1, 0.6) == expected
    backward = pd.Series(y), pd.Series(p, index=range(len(p))[::-1])
    assert submission.best_threshold(*backward, 2, 1, 0.6) == expected


@task("best_threshold")
def test_without_rows_there_is_nobody(submission):
    """Without rows the answer is math.inf, and not an error."""
    nothing = np.array([], dtype=float)

    assert submission.best_threshold(np.array([1]), np.array([0.5]), 1, 1, 1.0) == 0.5
    assert submission.best_threshold(nothing.astype(bool), nothing, 1, 1, 1.0) == math.inf


@task("best_threshold")
def test_the_inputs_are_left_alone(submission):
    """Outcomes and scores are the same after the call: nothing sorted, nothing changed."""
    y, p = made_up(70)

    call = submission.call("best_threshold", y.copy(), p.copy(), 2, 1, 0.6)

    assert call.value == due(y, p, 2, 1, 0.6)
    np.testing.assert_array_equal(call.args[0], y)
    np.testing.assert_array_equal(call.args[1], p)


@task("best_threshold", weight=2)
def test_real_flights_of_2013(submission):
    """On a sample of the real flights, with the shares of a look-up as scores, the threshold is
    right; and it comes in time when every flight has a score of its own."""
    landed = load("flights_2013_sample").query("arr_delay.notna()")
    y = (landed["arr_delay"] >= 15).to_numpy()
    p = pd.Series(y).groupby([landed["hour"].to_numpy(), landed["carrier"].to_numpy()])
    p = p.transform("mean").round(3).to_numpy()

    for gain, cost, budget in ((2, 1, 1.0), (3, 1, 0.1), (1, 4, 1.0)):
        got = submission.best_threshold(y, p, gain, cost, budget)
        assert got == due(y, p, gain, cost, budget)

    own = p + np.random.default_rng(80).random(len(p)) / 64
    worth = np.cumsum(np.where(y[np.argsort(-own)], 3, -1))
    got = submission.best_threshold(y, own, 3, 1, 1.0)
    assert got == np.sort(own)[::-1][worth.argmax()]
