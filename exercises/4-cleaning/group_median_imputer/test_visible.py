"""What a learner can check at home: the example of the text, and scikit-learn's two habits."""

import pandas as pd
import pytest

from grader import task

TRAIN = pd.DataFrame({"maker": ["A", "A", "A", "B"], "year": [1990.0, None, 1993.0, 2010.0]})
NEW = pd.DataFrame({"maker": ["A", "B", "C"], "year": [None, 1800.0, None]})


def example(submission):
    imputer = submission.GroupMedianImputer(by="maker", columns=["year"])
    return transformed(imputer)


def transformed(imputer):
    """Return NEW as an imputer fills it that knows TRAIN."""
    fitted = imputer.fit(TRAIN.copy())
    assert hasattr(fitted, "transform"), (
        f"fit should return the imputer itself; it returned a {type(fitted).__name__}"
    )
    table = fitted.transform(NEW.copy())
    assert hasattr(table, "columns"), f"a DataFrame is due; got {type(table).__name__}"
    return table


@task("group_median_imputer")
def test_the_example_is_filled(submission):
    """Gaps get the median of their group in fit, and groups that fit did not see the median of
    all."""
    year = example(submission)["year"].tolist()

    assert year[0] == 1991.5, f"row 0 is of maker A, whose median in train is 1991.5; got {year[0]}"
    assert year[1] == 1800.0, f"row 1 has a known year, 1800.0, that must stay; got {year[1]}"
    assert year[2] == 1993.0, (
        f"maker C is not in train, whose overall median is 1993.0; got {year[2]}"
    )


@task("group_median_imputer")
def test_the_example_is_flagged(submission):
    """A flag column after the others tells where the gaps were."""
    table = example(submission)

    columns = list(table.columns)
    assert columns == ["maker", "year", "year_missing"], f"the columns are {columns}"
    flags = table["year_missing"].tolist()
    assert flags == [True, False, True], f"year was null in rows 0 and 2; the flags are {flags}"


@task("group_median_imputer")
def test_the_example_is_learned(submission):
    """What fit learned is in two attributes that end in an underscore."""
    imputer = submission.GroupMedianImputer(by="maker", columns=["year"])
    imputer.fit(TRAIN.copy())

    for name in ("medians_", "overall_"):
        assert hasattr(imputer, name), f"fit should set {name}, as the text says; it is not there"
    medians = imputer.medians_["year"].to_dict()
    assert medians == {"A": 1991.5, "B": 2010.0}, f"medians_['year'] is {medians}"
    assert imputer.overall_["year"] == 1993.0, f"overall_['year'] is {imputer.overall_['year']}"


@task("group_median_imputer")
def test_an_imputer_can_be_cloned(submission):
    """scikit-learn copies an estimator by calling its class with what get_params tells."""
    imputer = submission.GroupMedianImputer(by="maker", columns=["year"])
    copy = submission.library("sklearn.base").clone(imputer)

    params = copy.get_params()
    assert params["by"] == "maker", f"by is {params['by']!r} after clone"
    assert params["columns"] == ["year"], f"columns is {params['columns']!r} after clone"
    year = transformed(copy)["year"].tolist()
    assert year == pytest.approx([1991.5, 1800.0, 1993.0]), f"after clone, year becomes {year}"
