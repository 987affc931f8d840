"""What decides the points of psi; never shipped."""

import math

import numpy as np
import pandas as pd
import pytest

from grader import load, task


def due(ref, cur, bins=10):
    """Return the index that is due, worked out value by value."""
    known = sorted(x for x in ref if not pd.isna(x))
    if any(isinstance(x, str) for x in [*known, *cur]):
        names = set(known)
        place = lambda x: x if x in names else ("unseen",)  # noqa: E731
        places = [*names, ("unseen",)]
    else:
        edges = {known[math.ceil(k * len(known) / bins) - 1] for k in range(1, bins) if known}
        place = lambda x: sum(edge < x for edge in edges)  # noqa: E731
        places = list(range(len(edges) + 1))
    shares = []
    for column in (ref, cur):
        count = dict.fromkeys([*places, None], 0)
        for x in column:
            count[None if pd.isna(x) else place(x)] += 1
        shares.append([max(n / len(column), 1e-4) for n in count.values()])
    return sum((q - p) * math.log(q / p) for p, q in zip(*shares, strict=True))


def numbers(seed, n=199, nulls=0.0, shift=0.0):
    """Return a column of n numbers; n is a prime, so that no edge falls between two places."""
    rng = np.random.default_rng(seed)
    column = pd.Series(rng.gamma(2.0, 10.0, n).round(1) + shift)
    return column.mask(pd.Series(rng.random(n) < nulls))


def check(submission, ref, cur, bins=10):
    got = submission.psi(ref.copy(), cur.copy(), bins)
    assert isinstance(got, float)
    assert got == pytest.approx(due(ref, cur, bins), abs=1e-9)


@task("psi", weight=3)
def test_numbers_are_binned_by_ref(submission):
    """For numbers, edges are values of ref at the places that the text names, and a value equal to
    an edge belongs below it."""
    for seed, bins in [(0, 10), (1, 10), (2, 4), (3, 2), (4, 7)]:
        check(submission, numbers(seed), numbers(seed + 50, n=83, shift=3.0), bins)
    check(submission, pd.Series(range(11)), pd.Series([5, 5, 5, 4, 6]), 2)


@task("psi", weight=2)
def test_nulls_count(submission):
    """Nulls are a bin of their own, and rows with nulls count when shares are taken."""
    for ref_nulls, cur_nulls in [(0.0, 0.5), (0.5, 0.0), (0.2, 0.4)]:
        ref, cur = numbers(5, nulls=ref_nulls), numbers(6, nulls=cur_nulls)
        # The places count known values only; a number of these that bins divides is avoided.
        ref = ref if ref.notna().sum() % 3 else ref.iloc[1:]
        check(submission, ref, cur, 3)


@task("psi", weight=2)
def test_half_of_the_rows_lost(submission):
    """A column that loses half of its values at random has moved, although the rest looks the
    same."""
    ref = numbers(7, n=997)
    rng = np.random.default_rng(8)
    cur = ref.mask(pd.Series(rng.random(997) < 0.5))

    assert submission.psi(ref.copy(), ref.copy()) == pytest.approx(0, abs=1e-12)
    assert submission.psi(ref.copy(), cur) > 3


@task("psi", weight=2)
def test_text_and_unseen_text(submission):
    """For text, each value of ref is a bin, and all others together are one more."""
    rng = np.random.default_rng(9)
    ref = pd.Series(rng.choice(["UA", "AA", "B6", "DL"], 60))
    for others in (["UA", "AA"], ["UA", "YX", "NK"], ["YX", "NK", "G4"]):
        check(submission, ref, pd.Series(rng.choice(others, 45)))
    with_nulls = pd.Series(["UA", None, "YX", None, "AA"], dtype=object)
    check(submission, ref, with_nulls)
    check(submission, with_nulls, ref)
    check(submission, ref.astype(object), ref.astype(object).where(ref != "UA", "unseen"))


@task("psi")
def test_how_far_outside_does_not_matter(submission):
    """Values beyond all of ref are counted in the last or the first bin, however far they are."""
    ref = numbers(10)
    near = pd.Series([*numbers(11, n=40), *[ref.max() + 1] * 10, *[ref.min() - 1] * 10])
    far = near.where(near <= ref.max(), 1e9).where(near >= ref.min(), -1e9)

    got = submission.psi(ref.copy(), near.copy())

    assert got == pytest.approx(due(ref, near), abs=1e-9)
    assert submission.psi(ref.copy(), far) == pytest.approx(got, abs=1e-12)


@task("psi")
def test_empty_bins_stay_finite(submission):
    """A bin that is empty on one side gives a large number, not an infinite one, and one that is
    empty on both gives nothing."""
    ref = numbers(12)
    check(submission, ref, pd.Series([ref.min()] * 7))
    check(submission, pd.Series(["a"] * 9), pd.Series(["b"] * 9))
    check(submission, pd.Series(["a", None] * 9, dtype=object), pd.Series(["b"] * 20000))
    assert submission.psi(ref.copy(), ref.iloc[:1].copy(), 50) < 50


@task("psi", weight=2)
def test_increasing_maps_change_nothing(submission):
    """The index is the same when both columns are mapped by one increasing function."""
    ref, cur = numbers(13, nulls=0.1), numbers(14, nulls=0.2, shift=4.0)
    expected = submission.psi(ref.copy(), cur.copy())
    assert expected == pytest.approx(due(ref, cur), abs=1e-9)

    for to in (lambda x: (x - 32) / 1.8, np.exp, lambda x: x**3, lambda x: np.log(x + 1)):
        assert submission.psi(to(ref), to(cur)) == pytest.approx(expected, abs=1e-9)


@task("psi")
def test_repeated_values_make_fewer_edges(submission):
    """When many values of ref are equal, edges that repeat count once."""
    calm = pd.Series([0] * 61 + [3, 4, 5, 5, 5, 6, 9, 12, 20, 31])
    check(submission, calm, pd.Series([0] * 20 + [1, 2, 7, 50]))
    check(submission, pd.Series([5] * 7), pd.Series([4, 5, 6]))
    assert submission.psi(calm.copy(), calm.copy()) == pytest.approx(0, abs=1e-12)


@task("psi")
def test_rows_and_labels_do_not_matter(submission):
    """Neither the order of rows nor the index changes the index, nor does counting cur twice."""
    ref, cur = numbers(15, nulls=0.1), numbers(16, nulls=0.1, shift=2.0)
    expected = submission.psi(ref.copy(), cur.copy())

    mixed = ref.sample(frac=1, random_state=0)
    twice = pd.concat([cur, cur])
    assert submission.psi(mixed, twice) == pytest.approx(expected, abs=1e-12)
    text = pd.Series(["a", "b", "a", None], index=[7, 7, 1, 0], dtype=object)
    check(submission, text, text.iloc[::-1])


@task("psi")
def test_all_null_is_a_column_too(submission):
    """A column without any known value is one full bin of nulls."""
    nothing = pd.Series([np.nan] * 20)
    check(submission, numbers(17), nothing)
    check(submission, nothing, numbers(18))
    assert submission.psi(nothing.copy(), nothing.copy()) == pytest.approx(0, abs=1e-12)


@task("psi")
def test_nullable_and_whole_numbers(submission):
    """Whole numbers and nullable dtypes give what floats give."""
    ref = pd.Series(np.random.default_rng(19).integers(0, 40, 101))
    cur = pd.Series([*range(0, 60, 3), None], dtype="Int64")
    check(submission, ref, cur)
    check(submission, ref.astype("Float64"), cur.astype("Float64"))


@task("psi")
def test_the_columns_are_not_changed(submission):
    """ref and cur are afterwards as they were."""
    for ref, cur in [
        (numbers(20, nulls=0.2), numbers(21)),
        (pd.Series(["b", None]), pd.Series("c")),
    ]:
        call = submission.call("psi", ref.copy(), cur.copy())

        pd.testing.assert_series_equal(call.args[0], ref)
        pd.testing.assert_series_equal(call.args[1], cur)
        assert call.value == pytest.approx(due(ref, cur), abs=1e-9)


@task("psi")
def test_real_weather_of_2013(submission):
    """On the hourly weather, temperature and pressure of July against the first quarter have the
    index that the text defines."""
    weather = load("weather_2013")
    winter, july = weather[weather["month"] <= 3], weather[weather["month"] == 7]
    for column, bins in [("temp", 10), ("pressure", 7)]:
        ref, cur = winter[column].iloc[:997], july[column].iloc[:701]
        ref = ref if ref.notna().sum() % bins else ref.iloc[1:]
        check(submission, ref, cur, bins)
