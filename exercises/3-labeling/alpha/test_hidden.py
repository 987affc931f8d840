"""What decides the points of alpha; never shipped."""

import math

import krippendorff
import numpy as np
import pandas as pd
import pytest

from grader import load, task

NAN = float("nan")
LEVELS = ("nominal", "ordinal", "interval")


def made_up(seed):
    """Return ratings of about the same thing by several raters, with many gaps."""
    rng = np.random.default_rng(seed)
    items, raters = rng.integers(4, 16), rng.integers(2, 6)
    scale = np.sort(rng.choice(np.arange(-4, 9), rng.integers(2, 6), replace=False))
    middle = rng.integers(0, len(scale), (items, 1))
    noise = rng.integers(-1, 2, (items, raters))
    table = scale[np.clip(middle + noise, 0, len(scale) - 1)].astype("float64")
    table[rng.random(table.shape) < 0.4] = np.nan
    table[:2, :2] = scale[[0, 0]], scale[[0, -1]]  # two items with pairs, two values
    return pd.DataFrame(table, index=rng.permutation(items), columns=list("vwxyz")[:raters])


def due(ratings, level):
    return krippendorff.alpha(reliability_data=ratings.T.to_numpy(), level_of_measurement=level)


@task("alpha", weight=4)
@pytest.mark.parametrize("level", LEVELS)
def test_any_table_with_gaps(submission, level):
    """On tables with any number of raters and any gaps, the result is that of the definition."""
    for seed in range(16):
        table = made_up(seed)

        got = submission.alpha(table.copy(), level)

        assert got == pytest.approx(due(table, level), abs=1e-9)


@task("alpha", weight=2)
@pytest.mark.parametrize("level", LEVELS)
def test_a_table_without_gaps(submission, level):
    """With every item rated by everybody, the result is that of the definition."""
    rng = np.random.default_rng(5)
    for raters in (2, 3, 7):
        table = pd.DataFrame(rng.integers(1, 6, (12, raters)).astype("float64"))

        assert submission.alpha(table, level) == pytest.approx(due(table, level), abs=1e-9)


@task("alpha", weight=2)
@pytest.mark.parametrize("level", LEVELS)
def test_an_item_with_one_rating_says_nothing(submission, level):
    """Items with one rating or none change nothing, whatever that rating is."""
    for seed in range(3):
        table = made_up(seed)
        lone = pd.DataFrame(NAN, index=range(900, 904), columns=table.columns)
        lone.iloc[0, 0], lone.iloc[1, 1], lone.iloc[2, 0] = 40.0, -7.0, table.iloc[0, 0]

        got = submission.alpha(pd.concat([lone, table]), level)

        assert got == pytest.approx(due(table, level), abs=1e-9)


@task("alpha", weight=2)
@pytest.mark.parametrize("level", LEVELS)
def test_nothing_to_compare_is_undefined(submission, level):
    """Without an item that has two ratings, or with one value only among those that take part,
    alpha is NaN."""
    apart = pd.DataFrame({"p": [1.0, NAN, 3.0], "q": [NAN, 2.0, NAN]})
    same = pd.DataFrame({"p": [2.0, 2.0, NAN], "q": [2.0, NAN, 2.0], "r": [2.0, 2.0, NAN]})
    same_but_for_a_lone_one = pd.DataFrame({"p": [2.0, 2.0, NAN], "q": [2.0, 2.0, 4.0]})
    nothing = pd.DataFrame({"p": [NAN, NAN], "q": [NAN, NAN]})
    empty = pd.DataFrame({"p": [], "q": []}, dtype="float64")
    one_rater = pd.DataFrame({"p": [1.0, 2.0, 3.0]})

    # A known alpha first: a function that always answers NaN must not pass.
    assert submission.alpha(same.replace({"q": 2.0}, 3.0), level) == pytest.approx(
        due(same.replace({"q": 2.0}, 3.0), level)
    )
    for table in (apart, same, same_but_for_a_lone_one, nothing, empty, one_rater):
        got = submission.alpha(table, level)
        assert isinstance(got, float)
        assert math.isnan(got)


@task("alpha")
@pytest.mark.parametrize("level", LEVELS)
def test_full_agreement_is_one(submission, level):
    """When all raters of each item agree and the items differ, alpha is 1, with gaps and
    without."""
    table = pd.DataFrame({"p": [1.0, 2, 7, 2], "q": [1.0, 2, 7, NAN], "r": [1.0, NAN, 7, 2]})

    assert submission.alpha(table, level) == pytest.approx(1.0)
    assert submission.alpha(table.iloc[:2], level) == pytest.approx(1.0)
    assert submission.alpha(table.assign(q=[1.0, 2, 2, NAN]), level) < 0.99


@task("alpha")
@pytest.mark.parametrize("level", LEVELS)
def test_chance_is_zero(submission, level):
    """Ratings that have nothing to do with the items score about 0, however often they agree."""
    rng = np.random.default_rng(3)
    table = pd.DataFrame(rng.choice([0.0, 1.0, 2.0], (1500, 5), p=[0.9, 0.07, 0.03]))

    assert submission.alpha(table, level) == pytest.approx(0.0, abs=0.02)
    # And what is no chance does not: a rater and a copy.
    assert submission.alpha(pd.DataFrame({"p": table[0], "q": table[0]}), level) > 0.9


@task("alpha")
@pytest.mark.parametrize("level", LEVELS)
def test_order_and_names_do_not_matter(submission, level):
    """Shuffling items or raters, or giving them other labels, changes nothing; nor does a rater who
    rated nothing."""
    for seed in range(3):
        table = made_up(seed)
        shuffled = table.sample(frac=1, random_state=seed).sample(frac=1, axis=1, random_state=seed)
        shuffled.index = ["same"] * len(shuffled)
        shuffled["nobody"] = NAN

        assert submission.alpha(shuffled, level) == pytest.approx(due(table, level), abs=1e-9)


@task("alpha", weight=2)
def test_each_level_ignores_what_it_should(submission):
    """Nominal survives new names for the values, ordinal any stretching that keeps their order,
    interval a shift and a new unit."""
    for seed in range(3):
        table = made_up(seed)

        renamed = (table * 37) % 101
        stretched = np.exp(table)
        moved = table / 1000 - 5

        for level, other in (("nominal", renamed), ("ordinal", stretched), ("interval", moved)):
            got = submission.alpha(other, level)
            assert got == pytest.approx(due(table, level), abs=1e-9)


@task("alpha")
def test_whole_numbers_are_welcome(submission):
    """A table of dtype int64 gives the same alpha as one of dtype float64."""
    table = pd.DataFrame({"p": [1, 2, 4, 4], "q": [1, 2, 4, 2], "r": [2, 2, 4, 4]}, dtype="int64")

    for level in LEVELS:
        expected = due(table.astype("float64"), level)
        assert submission.alpha(table, level) == pytest.approx(expected)


@task("alpha")
def test_another_level_is_refused(submission):
    """A level that is none of the three is a mistake of the caller: a ValueError, whatever the
    table."""
    for level in ("ratio", "Nominal", "", None):
        for table in (made_up(1), pd.DataFrame({"p": [NAN], "q": [NAN]})):
            with pytest.raises(ValueError):
                submission.alpha(table, level)


@task("alpha")
def test_the_table_is_left_alone(submission):
    """The caller's ratings are the same after the call: no gap filled, no row dropped."""
    for level in LEVELS:
        table = made_up(8)

        call = submission.call("alpha", table.copy(), level)

        assert call.value == pytest.approx(due(table, level), abs=1e-9)
        pd.testing.assert_frame_equal(call.args[0], table)


@task("alpha")
@pytest.mark.parametrize("level", LEVELS)
def test_real_editorials(submission, level):
    """On the ratings of real editorials, whole or with gaps, the result is that of the
    definition."""
    long = load("ratings_editorials")
    table = long.pivot(index="item", columns="position", values="rating").iloc[::4].astype(float)
    sparse = table.where(np.random.default_rng(0).random(table.shape) < 0.15)

    assert submission.alpha(table, level) == pytest.approx(due(table, level), abs=1e-6)
    assert submission.alpha(sparse, level) == pytest.approx(due(sparse, level), abs=1e-6)
