"""What decides the points of lookup_baseline; never shipped."""

import numpy as np
import pandas as pd
import pytest

from grader import load, task

KEYS = ["hour", "carrier", "dest"]


def made_up(seed, n=120, hours=5, unknown=0.1):
    """Return a table of keys with nulls, columns to ignore, and outcomes that depend on the
    keys."""
    rng = np.random.default_rng(seed)
    X = pd.DataFrame({"note": rng.normal(size=n), "hour": rng.integers(0, hours, n)})
    X["carrier"] = rng.choice(["AA", "B6", "UA"], n).astype(object)
    X["dest"] = rng.choice(["BOS", "LAX", "MIA", "ORD"], n).astype(object)
    X.loc[rng.random(n) < unknown, "carrier"] = None
    X.loc[rng.random(n) < unknown, "dest"] = None
    chance = 0.15 + 0.1 * X["hour"] + 0.2 * (X["carrier"] == "UA")
    return X, pd.Series(rng.random(n) < chance, index=X.index)


def due(X, y, new, keys=KEYS, weight=10):
    """Return the estimates, worked out group by group in plain Python."""
    y = [float(value) for value in y]
    overall = sum(y) / len(y)
    train = list(zip(*(X[key].tolist() for key in keys), strict=True)) or [()] * len(y)

    def estimate(values):
        if not values:
            return overall
        before = estimate(values[:-1])
        if any(pd.isna(value) for value in values):
            return before
        same = [late for row, late in zip(train, y, strict=True) if row[: len(values)] == values]
        return (sum(same) + weight * before) / (len(same) + weight) if same else before

    rows = list(zip(*(new[key].tolist() for key in keys), strict=True)) or [()] * len(new)
    answers = {row: estimate(row) for row in dict.fromkeys(rows)}
    return [answers[row] for row in rows]


def fitted(submission, X, y, keys=KEYS, weight=10):
    return submission.LookupBaseline(list(keys), weight).fit(X.copy(), y.copy())


def groups(*rows):
    """Return X and y from tuples (a, b, late)."""
    X = pd.DataFrame([row[:2] for row in rows], columns=["a", "b"])
    return X, pd.Series([row[2] for row in rows])


@task("lookup_baseline", weight=3)
def test_groups_are_pulled_toward_larger_groups(submission):
    """The estimate of a group is its share, pulled toward the estimate of the group with one key
    less, which is pulled toward the next: not all toward the overall share."""
    for seed in range(2):
        X, y = made_up(seed, unknown=0)
        for keys in (KEYS, ["dest", "hour"], ["carrier"]):
            got = fitted(submission, X, y, keys, weight=7).predict(X.copy())

            assert list(got) == pytest.approx(due(X, y, X, keys, 7))


@task("lookup_baseline", weight=2)
def test_unseen_groups_fall_back(submission):
    """What was not seen together falls back key by key, down to the overall share, never to a
    null and never to 0."""
    X, y = groups(("p", "q", 1), ("p", "q", 1), ("p", "r", 0), ("s", "q", 0), ("s", "t", 0))
    new = pd.DataFrame({"a": ["p", "s", "z", "z"], "b": ["t", "r", "q", "z"]})

    got = fitted(submission, X, y, ["a", "b"], weight=2).predict(new)

    p, s = (2 + 2 * 0.4) / 5, (0 + 2 * 0.4) / 4
    assert list(got) == pytest.approx([p, s, 0.4, 0.4])


@task("lookup_baseline")
def test_a_known_last_key_does_not_save_an_unknown_first(submission):
    """The order of the keys counts: a row whose first key is new gets the overall share, whatever
    the other keys say."""
    X, y = groups(("p", "q", 1), ("p", "q", 1), ("s", "t", 0), ("s", "t", 1))
    new = pd.DataFrame({"a": ["new", "s"], "b": ["t", "new"]})

    forward = fitted(submission, X, y, ["a", "b"], weight=0).predict(new.copy())
    backward = fitted(submission, X, y, ["b", "a"], weight=0).predict(new.copy())

    assert list(forward) == pytest.approx([0.75, 0.5])
    assert list(backward) == pytest.approx([0.5, 0.75])


@task("lookup_baseline", weight=2)
def test_null_keys_belong_to_no_group(submission):
    """A null key is no group: in fit the row counts for the groups of the keys before it and for
    the overall share, in predict it gets the group before it."""
    X, y = groups(("p", None, 1), ("p", "q", 0), (None, "q", 1), (None, "q", 1), ("p", None, 1))
    new = pd.DataFrame({"a": ["p", None, None, "p"], "b": [None, "q", None, "q"]})

    got = fitted(submission, X, y, ["a", "b"], weight=0).predict(new)

    assert list(got) == pytest.approx([2 / 3, 0.8, 0.8, 0.0])


@task("lookup_baseline")
def test_nulls_in_many_columns(submission):
    """On tables with nulls in several keys the estimates are right, in fit and in predict."""
    for seed in range(3):
        (X, y), (new, _) = made_up(seed, unknown=0.25), made_up(seed + 50, hours=7, unknown=0.25)

        got = fitted(submission, X, y, weight=3).predict(new.copy())

        assert list(got) == pytest.approx(due(X, y, new, weight=3))


@task("lookup_baseline")
def test_weight_zero_is_the_plain_share(submission):
    """With weight 0 a group that was seen gets exactly its own share, from 0 to 1."""
    X, y = groups(("p", "q", 1), ("p", "r", 0), ("p", "r", 1), ("s", "q", 0))

    got = fitted(submission, X, y, ["a", "b"], weight=0).predict(X.copy())

    assert list(got) == pytest.approx([1.0, 0.5, 0.5, 0.0])


@task("lookup_baseline")
def test_a_huge_weight_is_the_overall_share(submission):
    """The larger the weight, the nearer every estimate is to the overall share."""
    X, y = made_up(4)
    distances = []
    for weight in (0, 10, 10_000, 1e9):
        got = fitted(submission, X, y, weight=weight).predict(X.copy())
        distances.append(np.abs(np.asarray(got) - y.mean()).max())

    assert distances == sorted(distances, reverse=True)
    assert distances[0] > 0.2
    assert distances[-1] < 1e-6


@task("lookup_baseline", weight=2)
def test_rows_keep_their_order_and_labels(submission):
    """predict answers row by row: shuffled rows get shuffled answers, under their own labels, also
    when labels repeat."""
    X, y = made_up(5)
    new = made_up(6, hours=7)[0]
    baseline = fitted(submission, X, y)
    order = np.random.default_rng(7).permutation(len(new))
    shuffled = new.iloc[order].set_axis(pd.Index(order % 13, name="row"))

    straight = baseline.predict(new.copy())
    mixed = baseline.predict(shuffled.copy())

    assert isinstance(mixed, pd.Series)
    assert list(mixed.index) == list(shuffled.index)
    assert list(mixed) == pytest.approx(np.asarray(straight)[order].tolist())
    assert list(straight) == pytest.approx(due(X, y, new))


@task("lookup_baseline")
def test_training_rows_may_come_in_any_order(submission):
    """fit pairs X and y row by row: the order and the labels of the training rows do not matter."""
    X, y = made_up(8)
    order = np.random.default_rng(9).permutation(len(X))
    labels = order % 17

    got = fitted(
        submission, X.iloc[order].set_axis(labels), y.iloc[order].set_axis(labels)
    ).predict(X.copy())

    assert list(got) == pytest.approx(due(X, y, X))


@task("lookup_baseline")
def test_y_is_paired_by_position(submission):
    """y belongs to X row by row, as an array or as a Series with an index of its own."""
    X, y = made_up(10)
    expected = due(X, y, X)

    for other in (y.to_numpy(), y.astype(int).to_numpy(), y.set_axis(y.index[::-1])):
        assert list(fitted(submission, X, other).predict(X.copy())) == pytest.approx(expected)


@task("lookup_baseline", weight=2)
def test_predict_learns_nothing(submission):
    """Only fit learns: a row gets the same answer alone and among any others, and the outcomes of
    the rows to predict have no say, even if X has a column for them."""
    X, y = made_up(11)
    new = made_up(12, hours=7)[0]
    baseline = fitted(submission, X.assign(late=y), y)
    expected = due(X, y, new)

    for outcome in (0.0, 1.0):
        assert list(baseline.predict(new.assign(late=outcome))) == pytest.approx(expected)
    alone = [baseline.predict(new.iloc[[row]].assign(late=1.0)).iloc[0] for row in range(10)]
    assert alone == pytest.approx(expected[:10])
    twice = list(baseline.predict(pd.concat([new, new]).assign(late=1.0)))
    assert twice == pytest.approx(expected * 2)


@task("lookup_baseline")
def test_only_the_keys_count(submission):
    """Other columns change nothing, whatever they are called."""
    X, y = made_up(13)
    names = ["y", "late", "n", "size", "sum", "mean", "share", "estimate", "before", "overall"]
    more = X.assign(**dict.fromkeys(names, 0.5))

    got = fitted(submission, more, y).predict(more.copy())

    assert list(got) == pytest.approx(due(X, y, X))


@task("lookup_baseline")
def test_keys_may_be_numbers_or_categories(submission):
    """Keys may be whole numbers or categories; a category without rows changes nothing."""
    X, y = made_up(14, unknown=0)
    X["dest"] = pd.Categorical(X["dest"], categories=["BOS", "LAX", "MIA", "ORD", "SEA"])
    new = made_up(15, hours=7, unknown=0)[0]
    new["dest"] = pd.Categorical(["SEA", *new["dest"][1:]], categories=["SEA", *X["dest"].unique()])

    for keys in (["hour", "dest"], ["dest", "hour"], ["dest"], ["hour"]):
        got = fitted(submission, X, y, keys).predict(new.copy())

        assert list(got) == pytest.approx(due(X, y, new, keys))


@task("lookup_baseline")
def test_fitting_again_forgets(submission):
    """A second fit starts afresh: groups of the first are unknown afterwards."""
    first, second = groups(("p", "q", 1), ("s", "t", 1)), groups(("p", "u", 0), ("p", "v", 1))
    baseline = fitted(submission, *first, ["a", "b"], weight=0)

    baseline.fit(*second)
    got = baseline.predict(pd.DataFrame({"a": ["s", "p", "p"], "b": ["t", "q", "u"]}))

    assert list(got) == pytest.approx([0.5, 0.5, 0.0])


@task("lookup_baseline")
def test_two_baselines_do_not_share(submission):
    """What one baseline learns is its own: fitting another does not change it."""
    X, y = made_up(16)
    one = fitted(submission, X, y)
    fitted(submission, X, ~y, keys=["dest"], weight=1)

    assert list(one.predict(X.copy())) == pytest.approx(due(X, y, X))


@task("lookup_baseline")
def test_the_callers_tables_are_left_alone(submission):
    """Neither fit nor predict changes the tables that it was given."""
    X, y = made_up(17)
    baseline = submission.LookupBaseline(list(KEYS), 10)

    fit = submission.call(baseline.fit, X.copy(), y.copy())
    predict = submission.call(baseline.predict, X.copy())

    assert list(predict.value) == pytest.approx(due(X, y, X))
    pd.testing.assert_frame_equal(fit.args[0], X)
    pd.testing.assert_series_equal(fit.args[1], y)
    pd.testing.assert_frame_equal(predict.args[0], X)


@task("lookup_baseline", weight=2)
def test_real_flights_of_2013(submission):
    """Learned on January to September of the real flights, the estimates for the rest of the year
    are right, and in time."""
    keys = ["hour", "carrier", "origin", "dest", "day"]
    flights = load("flights_2013_sample").dropna(subset="arr_delay").iloc[::4]
    train, test = flights[flights["month"] <= 9], flights[flights["month"] > 9]
    y = train["arr_delay"] >= 15

    got = fitted(submission, train[keys], y, keys, 100).predict(test[keys].copy())

    estimate = pd.Series(y.mean(), index=train.index)
    expected = pd.Series(y.mean(), index=test.index)
    for length in range(1, len(keys) + 1):
        by = keys[:length]
        table = train[by].assign(y=y, before=estimate).groupby(by)
        learned = (table["y"].sum() + 100 * table["before"].first()) / (table.size() + 100)
        estimate = train[by].join(learned.rename("e"), on=by)["e"]
        expected = test[by].join(learned.rename("e"), on=by)["e"].fillna(expected)
    assert np.asarray(got) == pytest.approx(expected.to_numpy())
