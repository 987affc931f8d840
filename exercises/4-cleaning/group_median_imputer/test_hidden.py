"""What decides the points of group_median_imputer; never shipped."""

import numpy as np
import pandas as pd
import pytest
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LinearRegression

from grader import load, task

NAN = float("nan")


def made_up(seed, n=80, groups=("a", "b", "c", "d")):
    """Return a table with gaps in x and y, a group that is sometimes null, and a column to
    ignore."""
    rng = np.random.default_rng(seed)
    group = rng.choice(np.array([*groups, None], dtype=object), n)
    table = pd.DataFrame({"note": rng.choice(["p", "q"], n), "group": group})
    for column, size in (("x", 10.0), ("y", 1000.0)):
        table[column] = rng.gamma(1.0, size, n).round(2) + size * (group == groups[0])
        table.loc[rng.random(n) < 0.3, column] = np.nan
    return table


def fitted(submission, train, columns=("x", "y"), by="group"):
    imputer = submission.GroupMedianImputer(by=by, columns=list(columns))
    imputer.fit(train.copy())
    return imputer


def due(train, new, columns=("x", "y"), by="group"):
    """Return what transform owes, worked out value by value."""
    table = new.copy()
    for column in columns:
        known = train[train[column].notna()]
        for row in np.flatnonzero(new[column].isna()):
            group = new[by].iloc[row]
            same = known.loc[(known[by] == group).to_numpy(dtype=bool, na_value=False), column]
            source = same if len(same) else known[column]
            table.iloc[row, table.columns.get_loc(column)] = (
                np.median(source) if len(source) else NAN
            )
    for column in columns:
        table[f"{column}_missing"] = new[column].isna()
    return table


def simple(*x):
    """Return a table of one group, for questions that are not about medians."""
    return pd.DataFrame({"group": ["a"] * len(x), "x": x})


def check_table(got, expected):
    """Assert equal tables; a flag may be True and False or 1 and 0."""
    assert isinstance(got, pd.DataFrame)
    assert list(got.columns) == list(expected.columns)
    flags = [column for column in expected if str(column).endswith("_missing")]
    for column in flags:
        assert got[column].tolist() == expected[column].tolist()
    pd.testing.assert_frame_equal(got.drop(columns=flags), expected.drop(columns=flags))


@task("group_median_imputer", weight=2)
def test_gaps_get_the_median_of_their_group(submission):
    """A gap becomes the median of its group in fit, in every column asked for; known values
    stay."""
    for seed in range(3):
        train, new = made_up(seed), made_up(seed + 50)

        got = fitted(submission, train).transform(new.copy())

        pd.testing.assert_frame_equal(got[["x", "y"]], due(train, new)[["x", "y"]])


@task("group_median_imputer", weight=3)
def test_new_data_teach_nothing(submission):
    """Only fit learns: however wild the other rows given to transform are, the gaps are filled
    alike."""
    train, new = made_up(1), made_up(2, n=200, groups=("a", "b", "new"))
    gaps = (new["x"].isna() & new["y"].isna()).to_numpy()
    poisoned = new.copy()
    poisoned.loc[~gaps, ["x", "y"]] = 1e9

    imputer = fitted(submission, train)
    before = imputer.transform(new.copy())
    after = imputer.transform(poisoned)
    again = imputer.transform(new.copy())

    assert {"a", "b", "new"} < set(new["group"][gaps])
    assert before.loc[gaps, ["x", "y"]].notna().all(axis=None)
    pd.testing.assert_frame_equal(after[gaps][["x", "y"]], before[gaps][["x", "y"]])
    pd.testing.assert_frame_equal(again, before)


@task("group_median_imputer")
def test_a_row_alone_is_a_row_in_the_batch(submission):
    """A single row is filled as it would be among others: that is how a service sees the data."""
    train, new = made_up(3), made_up(4, n=12)
    imputer = fitted(submission, train)

    alone = [imputer.transform(new.iloc[[row]]) for row in range(len(new))]

    check_table(pd.concat(alone), due(train, new))


@task("group_median_imputer", weight=2)
def test_a_new_group_gets_the_overall_median(submission):
    """A group that fit never saw is filled with the overall median of fit."""
    train = pd.DataFrame({"group": ["a", "a", "b"], "x": [1.0, 2.0, 9.0]})
    new = pd.DataFrame({"group": ["z", "a", "z"], "x": [NAN, NAN, 70.0]})

    got = fitted(submission, train, ["x"]).transform(new.copy())

    assert got["x"].tolist() == [2.0, 1.5, 70.0]


@task("group_median_imputer")
def test_a_null_group_gets_the_overall_median(submission):
    """A row whose group is unknown is kept, and filled with the overall median of fit."""
    train = pd.DataFrame({"group": ["a", "a", "b", None], "x": [1.0, 2.0, 9.0, 30.0]})
    new = pd.DataFrame({"group": [None, "b", None], "x": [NAN, NAN, 4.0]})

    got = fitted(submission, train, ["x"]).transform(new.copy())

    assert got["x"].tolist() == [5.5, 9.0, 4.0]


@task("group_median_imputer", weight=2)
def test_a_group_of_gaps_gets_the_overall_median(submission):
    """A group in which fit knew no value at all has no median of its own; the overall one is
    used."""
    train = pd.DataFrame(
        {"group": ["a", "a", "b", "b"], "x": [NAN, NAN, 4.0, 6.0], "y": [1.0, 3.0, NAN, 8.0]}
    )
    new = pd.DataFrame({"group": ["a", "b"], "x": [NAN, NAN], "y": [NAN, NAN]})

    got = fitted(submission, train).transform(new.copy())

    assert got["x"].tolist() == [5.0, 5.0]
    assert got["y"].tolist() == [2.0, 8.0]


@task("group_median_imputer")
def test_a_column_of_gaps_stays_null(submission):
    """Where fit knew no value of a column there is nothing to fill in: the gap stays, and is
    flagged."""
    train = pd.DataFrame({"group": ["a", "b"], "x": [NAN, NAN], "y": [1.0, 2.0]})
    new = pd.DataFrame({"group": ["a", "z"], "x": [NAN, 5.0], "y": [NAN, NAN]})

    got = fitted(submission, train).transform(new.copy())

    check_table(got, due(train, new))
    assert got["x"].isna().tolist() == [True, False]


@task("group_median_imputer")
def test_the_overall_median_is_of_all_rows(submission):
    """The overall median weighs rows, not groups: a big group counts for more, rows without a group
    count too."""
    train = pd.DataFrame(
        {"group": ["a"] * 5 + ["b", "c", None, None], "x": [1.0, 1, 1, 1, 2, 50, 60, 7, 9]}
    )
    imputer = fitted(submission, train, ["x"])

    got = imputer.transform(pd.DataFrame({"group": ["z"], "x": [NAN]}))

    assert got["x"].tolist() == [2.0]
    assert imputer.overall_["x"] == 2.0


@task("group_median_imputer", weight=2)
def test_flags_tell_where_gaps_were(submission):
    """There is a flag for each of the columns, in their order, true exactly where the value was
    null."""
    train, new = made_up(5), made_up(6)

    got = fitted(submission, train, ["y", "x"]).transform(new.copy())

    assert list(got.columns) == ["note", "group", "x", "y", "y_missing", "x_missing"]
    assert got["x_missing"].tolist() == new["x"].isna().tolist()
    assert got["y_missing"].tolist() == new["y"].isna().tolist()


@task("group_median_imputer")
def test_flags_are_there_without_gaps(submission):
    """The columns that come out do not depend on the data: without gaps, all flags are false."""
    whole = pd.DataFrame({"group": ["a", "b"], "x": [1.0, 2.0], "y": [3.0, 4.0]})

    got = fitted(submission, whole).transform(whole.copy())

    check_table(got, due(whole, whole))


@task("group_median_imputer", weight=2)
def test_rows_and_other_columns_stay(submission):
    """Rows keep their order and labels, also when labels repeat; columns keep their order and
    types."""
    train, new = made_up(7), made_up(8, n=9)
    new.index = pd.Index([5, 5, 2, 9, 2, 0, 1, 1, 1], name="row")
    new.insert(1, "count", np.arange(9, dtype="int16"))
    new["when"] = pd.date_range("2013-01-01", periods=9, tz="UTC")
    new["kind"] = pd.Categorical(list("uvwuvwuvw"))

    got = fitted(submission, train).transform(new.copy())

    assert list(got.columns[: len(new.columns)]) == list(new.columns)
    others = new.columns.drop(["x", "y"])
    pd.testing.assert_frame_equal(got[others], new[others])
    for column in ("x", "y"):
        known = new[column].notna().to_numpy()
        pd.testing.assert_series_equal(got[column][known], new[column][known])
        assert got[column].notna().all()


@task("group_median_imputer")
def test_groups_may_be_numbers(submission):
    """Groups that are whole numbers work like groups that are texts."""
    train = pd.DataFrame({"engines": [2, 2, 4, 4, 1], "x": [10.0, 20.0, 5.0, NAN, NAN]})
    new = pd.DataFrame({"engines": [4, 1, 2, 3], "x": [NAN, NAN, NAN, NAN]})

    got = fitted(submission, train, ["x"], by="engines").transform(new.copy())

    assert got["x"].tolist() == [5.0, 10.0, 15.0, 10.0]


@task("group_median_imputer")
def test_groups_may_be_nullable_numbers(submission):
    """Groups of dtype Int64 work, also in a table in which every group is new or null."""
    train = pd.DataFrame({"engines": [2, 2, 4, None], "x": [10.0, 20.0, 5.0, 13.0]})
    new = pd.DataFrame({"engines": [None, 2, 3], "x": [NAN, NAN, NAN]})
    train, new = train.astype({"engines": "Int64"}), new.astype({"engines": "Int64"})
    imputer = fitted(submission, train, ["x"], by="engines")

    assert imputer.transform(new.copy())["x"].tolist() == [11.5, 15.0, 11.5]
    assert imputer.transform(new.iloc[[0, 2]])["x"].tolist() == [11.5, 11.5]


@task("group_median_imputer")
def test_the_tables_are_left_alone(submission):
    """Neither fit nor transform changes the table that it was given."""
    train, new = made_up(9), made_up(10)
    imputer = submission.GroupMedianImputer(by="group", columns=["x", "y"])

    fit = submission.call(imputer.fit, train.copy())
    pd.testing.assert_frame_equal(fit.args[0], train)

    transform = submission.call(imputer.transform, new.copy())
    assert list(transform.value["note"]) == list(new["note"])
    assert transform.value["x"].tolist() == pytest.approx(due(train, new)["x"].tolist())
    pd.testing.assert_frame_equal(transform.args[0], new)


@task("group_median_imputer")
def test_fit_returns_the_imputer(submission):
    """fit fits the imputer and returns it, so that calls can be chained; fit_transform does
    both."""
    train = simple(1.0, 3.0, NAN)
    imputer = submission.GroupMedianImputer(by="group", columns=["x"])

    chained = imputer.fit(train.copy()).transform(train.copy())
    afterwards = imputer.transform(train.copy())
    at_once = submission.GroupMedianImputer(by="group", columns=["x"]).fit_transform(train.copy())

    for got in (chained, afterwards, at_once):
        assert got["x"].tolist() == [1.0, 3.0, 2.0]


@task("group_median_imputer")
def test_what_was_learned_can_be_read(submission):
    """After fit, medians_ holds the groups' medians and overall_ the overall ones, for each
    column."""
    train = made_up(12)

    imputer = fitted(submission, train)

    for column in ("x", "y"):
        assert imputer.overall_[column] == pytest.approx(train[column].median())
        medians = imputer.medians_[column].dropna().to_dict()
        assert medians == pytest.approx(train.groupby("group")[column].median().to_dict())


@task("group_median_imputer")
def test_fitting_again_forgets(submission):
    """A second fit starts afresh: groups of the first are unknown afterwards."""
    first = pd.DataFrame({"group": ["a", "b"], "x": [1.0, 2.0]})
    second = pd.DataFrame({"group": ["b", "c"], "x": [30.0, 50.0]})
    imputer = fitted(submission, first, ["x"])

    imputer.fit(second.copy())
    got = imputer.transform(pd.DataFrame({"group": ["a", "b", "c"], "x": [NAN] * 3}))

    assert got["x"].tolist() == [40.0, 30.0, 50.0]


@task("group_median_imputer")
def test_two_imputers_do_not_share(submission):
    """What one imputer learns is its own: fitting another does not change it."""
    first = pd.DataFrame({"group": ["a", "b"], "x": [1.0, 2.0]})
    second = pd.DataFrame({"group": ["a", "b"], "x": [30.0, 50.0]})

    one = fitted(submission, first, ["x"])
    other = fitted(submission, second, ["x"])

    gaps = pd.DataFrame({"group": ["a", "b"], "x": [NAN, NAN]})
    assert one.transform(gaps.copy())["x"].tolist() == [1.0, 2.0]
    assert other.transform(gaps.copy())["x"].tolist() == [30.0, 50.0]


@task("group_median_imputer")
def test_before_fit_it_refuses(submission):
    """transform before fit raises NotFittedError; after fit it works."""
    train = simple(1.0, 3.0, NAN)
    imputer = submission.GroupMedianImputer(by="group", columns=["x"])

    with pytest.raises(NotFittedError):
        imputer.transform(train.copy())

    imputer.fit(train.copy())
    assert imputer.transform(train.copy())["x"].tolist() == [1.0, 3.0, 2.0]


@task("group_median_imputer", weight=2)
def test_a_clone_is_unfitted_and_equal(submission):
    """clone gives an imputer with the same parameters that has learned nothing; set_params changes
    them."""
    train = simple(1.0, 3.0, NAN).assign(other="b", y=[NAN, 30.0, 50.0])
    imputer = fitted(submission, train, ["x", "y"])

    copy = submission.library("sklearn.base").clone(imputer)

    params = copy.get_params()
    assert (params["by"], list(params["columns"])) == ("group", ["x", "y"])
    with pytest.raises(NotFittedError):
        copy.transform(train.copy())
    copy.set_params(by="other", columns=["y"])
    copy.fit(train.copy())
    assert list(copy.transform(train.copy()).columns) == ["group", "x", "other", "y", "y_missing"]
    assert imputer.transform(train.copy())["x"].tolist() == [1.0, 3.0, 2.0]


@task("group_median_imputer", weight=2)
def test_it_works_in_a_pipeline(submission):
    """In a Pipeline it is fitted with the training rows only, and fills and flags for the model
    after it."""
    rng = np.random.default_rng(15)
    X = pd.DataFrame({"engines": rng.integers(1, 4, 120), "x": rng.normal(5, 2, 120).round(2)})
    target = X["engines"] * 3.0 + X["x"]
    X.loc[rng.random(120) < 0.3, "x"] = np.nan
    train, new = X.iloc[:80], X.iloc[80:]
    imputer = submission.GroupMedianImputer(by="engines", columns=["x"])
    model = submission.library("sklearn.linear_model").LinearRegression()

    pipeline = submission.library("sklearn.pipeline").Pipeline(
        [("impute", imputer), ("model", model)]
    )
    pipeline.fit(train.copy(), target.iloc[:80])

    own = LinearRegression().fit(due(train, train, ["x"], by="engines"), target.iloc[:80])
    expected = own.predict(due(train, new, ["x"], by="engines"))
    assert np.asarray(pipeline.predict(new.copy())) == pytest.approx(expected)
    learned = pipeline.named_steps["impute"].overall_["x"]
    assert learned == pytest.approx(train["x"].median())


@task("group_median_imputer")
def test_real_planes_of_2013(submission):
    """On the register of aircraft, years are filled by maker, from the planes of fit alone."""
    planes = load("planes_2013")[["tailnum", "year", "manufacturer", "engines", "seats"]]
    train, new = planes[planes.index % 2 == 0], planes[planes.index % 2 == 1]

    got = fitted(submission, train, ["year"], by="manufacturer").transform(new.copy())

    check_table(got, due(train, new, ["year"], by="manufacturer"))
    assert got["year_missing"].sum() > 20
