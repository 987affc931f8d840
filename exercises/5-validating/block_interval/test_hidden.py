"""What decides the points of block_interval; never shipped."""

import numpy as np
import pandas as pd
import pytest

from grader import load, task


def blocks(seed, number=30, size=8, share=0.5, within=1.0):
    """Return outcomes with an effect of their block, in mixed order, and the blocks."""
    rng = np.random.default_rng(seed)
    block = rng.permutation(np.repeat(np.arange(number), size))
    effect = rng.normal(0, 1, number) * np.sqrt(share)
    y = effect[block] + rng.normal(0, np.sqrt(1 - share) * within, number * size)
    return y, block


def mean_metric(submission):
    """Return numpy's dot, inside: with weights of one over n it is the mean of equal blocks."""
    return submission.library("numpy").dot


class Log:
    """What a metric was given, and what it answered."""

    def __init__(self):
        self.rows, self.scores, self.pairs_hold = [], [], True


def remembering(log, answer=lambda y, p: float(np.mean(y))):
    """Return a metric that writes down the rows it was given."""

    def metric(y, p):
        y, p = np.asarray(y), np.asarray(p)
        log.rows.append(np.sort(y).tolist())
        log.pairs_hold = log.pairs_hold and bool((p == 2 * y).all())
        log.scores.append(float("nan"))
        log.scores[-1] = answer(y, p)
        return log.scores[-1]

    return metric


def record(submission, block, answer=lambda y, p: float(np.mean(y)), **options):
    """Run with rows that carry their number; return what the metric saw, and the interval."""
    log, row = Log(), np.arange(len(block), dtype="float64")
    got = submission.block_interval(row, 2 * row, block, remembering(log, answer), 3, **options)
    return log, got


@task("block_interval", weight=3)
def test_drawn_blocks_come_whole_and_repeated(submission):
    """A resample is all rows of the drawn blocks, as often as they were drawn, and as many blocks
    as there are."""
    rng = np.random.default_rng(0)
    block = rng.permutation(np.repeat([10, 20, 30, 40, 50, 60], [1, 2, 3, 4, 5, 6]))

    log, _ = record(submission, block, resamples=30)

    repeats = 0
    for rows in log.rows:
        counts = np.bincount(np.array(rows, dtype="int64"), minlength=len(block))
        times = [set(counts[block == name].tolist()) for name in np.unique(block)]
        assert all(len(each) == 1 for each in times)
        drawn = [each.pop() for each in times]
        assert sum(drawn) == 6
        repeats += max(drawn) > 1
    assert repeats > 15


@task("block_interval")
def test_every_block_is_as_likely(submission):
    """Blocks are drawn with the same chance, whatever their size."""
    block = np.repeat([1, 2, 3], [1, 2, 17])

    log, _ = record(submission, block, resamples=150)

    assert len(log.rows) >= 150
    firsts = np.array([[rows.count(0.0), rows.count(1.0), rows.count(3.0)] for rows in log.rows])
    assert np.all(np.abs(firsts.mean(axis=0) - 1) < 0.25)


@task("block_interval", weight=2)
def test_outcomes_stay_with_their_predictions(submission):
    """Each row keeps its outcome and its prediction together."""
    _, block = blocks(1)

    log, _ = record(submission, block, resamples=20)

    assert len(log.rows) == 20
    assert log.pairs_hold


@task("block_interval", weight=2)
def test_the_metric_is_asked_once_a_resample(submission):
    """The metric is called exactly once for each resample; there are 500 unless said otherwise."""
    block = np.repeat(np.arange(4), 2)

    assert len(record(submission, block, resamples=37)[0].rows) == 37
    assert len(record(submission, block)[0].rows) == 500


@task("block_interval", weight=2)
def test_the_interval_is_of_quantiles(submission):
    """Low and high are the quantiles of the scores at the level that was asked for, 95% unless said
    otherwise, as plain floats."""
    _, block = blocks(2)
    for options, tail in (({}, 0.025), ({"level": 0.5}, 0.25), ({"level": 0.9}, 0.05)):
        log, got = record(
            submission, block, lambda y, p: float(np.exp(np.mean(y) / 40)), resamples=60, **options
        )

        assert [type(end) for end in got] == [float, float]
        assert tuple(got) == pytest.approx(np.quantile(log.scores, [tail, 1 - tail]))


@task("block_interval", weight=2)
def test_blocks_make_it_wide_enough(submission):
    """When rows of a block are alike, the interval is as wide as so few blocks deserve."""
    y, block = blocks(3, number=60, size=10, share=0.8)
    weights = np.full(len(y), 1 / len(y))

    low, high = submission.block_interval(y, weights, block, mean_metric(submission), 1)

    means = pd.Series(y).groupby(block).mean()
    owed = 2 * 1.96 * means.std() / np.sqrt(60)
    assert 0.8 < (high - low) / owed < 1.2
    assert low < y.mean() < high


@task("block_interval", weight=2)
def test_rows_as_blocks_are_the_ordinary_bootstrap(submission):
    """When each row is its own block, the width is that of independent rows."""
    y, _ = blocks(4, number=200, size=1)
    weights = np.full(len(y), 1 / len(y))

    low, high = submission.block_interval(y, weights, np.arange(200), mean_metric(submission), 1)

    owed = 2 * 1.96 * y.std() / np.sqrt(200)
    assert 0.8 < (high - low) / owed < 1.2


@task("block_interval", weight=3)
def test_it_covers_the_truth(submission):
    """On simulated days whose truth is known, an interval of 95% has it inside nearly always: 17
    times in 20 at least."""
    metric, hits = mean_metric(submission), 0
    for seed in range(60):
        y, block = blocks(100 + seed, number=40, size=10)
        weights = np.full(len(y), 1 / len(y))
        low, high = submission.block_interval(y, weights, block, metric, seed, resamples=200)
        hits += low <= 0 <= high
    assert hits >= 51


@task("block_interval", weight=2)
def test_resamples_without_a_score_are_left_out(submission):
    """A metric that raises ValueError or returns NaN on a resample costs that resample, not the
    interval."""
    block = np.repeat(np.arange(5), 3)

    def refuses(y, p):
        if 0.0 not in y:
            raise ValueError("only one class")
        return float(np.sum(y))

    def shrugs(y, p):
        return float(np.sum(y)) if 0.0 in y else float("nan")

    for answer in (refuses, shrugs):
        log, got = record(submission, block, answer, resamples=80)
        scores = [score for score in log.scores if not np.isnan(score)]
        assert 20 < len(scores) < 80
        assert tuple(got) == pytest.approx(np.quantile(scores, [0.025, 0.975]))


@task("block_interval")
def test_no_score_at_all_is_two_nulls(submission):
    """If no resample has a score, both ends are NaN."""
    block = np.repeat([1, 2], 3)

    def refuses(y, p):
        raise ValueError("only one class")

    for metric in (refuses, lambda y, p: float("nan")):
        got = submission.block_interval(block, block, block, metric, 7, resamples=10)
        assert [bool(np.isnan(end)) for end in got] == [True, True]


@task("block_interval")
def test_other_errors_are_heard(submission):
    """Only ValueError means "no score"; any other exception of the metric reaches the caller."""
    block = np.repeat([1, 2], 3)

    def broken(y, p):
        raise KeyError("a typo in the metric")

    assert len(submission.block_interval(block, block, block, lambda y, p: 0.5, 7)) == 2
    with pytest.raises(KeyError):
        submission.block_interval(block, block, block, broken, 7, resamples=10)


@task("block_interval", weight=2)
def test_the_seed_decides(submission):
    """The same seed gives the same interval, and another seed another."""
    y, block = blocks(5)
    weights, metric = np.full(len(y), 1 / len(y)), mean_metric(submission)

    first = tuple(submission.block_interval(y, weights, block, metric, 1, resamples=50))
    again = tuple(submission.block_interval(y, weights, block, metric, 1, resamples=50))
    other = tuple(submission.block_interval(y, weights, block, metric, 2, resamples=50))

    assert first == again
    assert first != other


@task("block_interval")
def test_the_global_state_is_not_touched(submission):
    """NumPy's global generator gives the same numbers with and without a call in between, and does
    not change the interval."""
    y, block = blocks(6)
    weights, metric = np.full(len(y), 1 / len(y)), mean_metric(submission)
    random = submission.library("numpy.random")

    random.seed(1)
    expected = random.random()
    random.seed(1)
    one = low, high = tuple(submission.block_interval(y, weights, block, metric, 1, resamples=50))
    assert low < high
    assert random.random() == expected
    assert tuple(submission.block_interval(y, weights, block, metric, 1, resamples=50)) == one


@task("block_interval", weight=2)
def test_series_go_by_position(submission):
    """A Series with any index, a list and an array give the same interval; blocks may be texts."""
    y, block = blocks(7)
    weights, metric = np.full(len(y), 1 / len(y)), mean_metric(submission)
    expected = submission.block_interval(y, weights, block, metric, 4, resamples=50)
    low, high = expected = tuple(expected)
    assert low < high
    index = np.random.default_rng(7).permutation(len(y))

    series = submission.block_interval(
        pd.Series(y, index=index),
        pd.Series(weights),
        pd.Series(block, index=index[::-1]),
        metric,
        4,
        resamples=50,
    )
    lists = submission.block_interval(
        y.tolist(), weights.tolist(), [f"day {name:03}" for name in block], metric, 4, resamples=50
    )

    assert tuple(series) == pytest.approx(expected)
    assert tuple(lists) == pytest.approx(expected)


@task("block_interval")
def test_too_little_is_refused(submission):
    """One block, no rows, and inputs of different lengths are ValueErrors."""
    y, block = blocks(8, number=4)
    metric = mean_metric(submission)

    assert len(submission.block_interval(y, y, block, metric, 1, resamples=5)) == 2
    assert len(submission.block_interval(y, y, block > 1, metric, 1, resamples=5)) == 2
    for outcomes, chances, days in (
        (y, y, np.zeros(len(y))),
        (y[:0], y[:0], block[:0]),
        (y[1:], y, block),
        (y, y[1:], block),
        (y, y, block[1:]),
    ):
        with pytest.raises(ValueError):
            submission.block_interval(outcomes, chances, days, metric, 1, resamples=5)


@task("block_interval")
def test_the_inputs_are_left_alone(submission):
    """Outcomes, predictions and blocks are the same after the call."""
    y, block = blocks(9)
    metric = mean_metric(submission)

    call = submission.call("block_interval", y.copy(), 2 * y, block.copy(), metric, 1, resamples=9)

    low, high = call.value
    assert low < high
    np.testing.assert_array_equal(call.args[0], y)
    np.testing.assert_array_equal(call.args[1], 2 * y)
    np.testing.assert_array_equal(call.args[2], block)


@task("block_interval", weight=2)
def test_real_flights_of_2013(submission):
    """On real flights the interval by days is far wider than the one by rows."""
    flights = load("flights_2013_sample").dropna(subset="arr_delay")
    quarter = flights[flights["month"] >= 11]
    late = (quarter["arr_delay"] >= 15).astype("float64").to_numpy()
    chance = np.full(len(late), 0.2)
    day = (quarter["month"] * 100 + quarter["day"]).to_numpy()
    metric = submission.library("sklearn.metrics").brier_score_loss

    by_day = submission.block_interval(late, chance, day, metric, 0, resamples=80)
    by_row = submission.block_interval(late, chance, np.arange(len(late)), metric, 0, resamples=80)

    truth = float(np.mean((late - chance) ** 2))
    assert by_day[0] < truth < by_day[1]
    assert by_row[0] < truth < by_row[1]
    assert by_day[1] - by_day[0] > 1.5 * (by_row[1] - by_row[0])
