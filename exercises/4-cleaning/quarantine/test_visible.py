"""What a learner can check at home: the example of the text, and a verdict that is null."""

import pandas as pd

from grader import task

DF = pd.DataFrame(
    {"wind": [5.0, 1048.4, None], "temp": [61.0, -400.0, 55.0]}, index=["a", "b", "c"]
)
RULES = {
    "wind below 150": lambda table: table["wind"] < 150,
    "temp above -80": lambda table: table["temp"] > -80,
}


def split(submission, df, rules):
    """Return the clean and the rejected rows."""
    got = submission.quarantine(df, rules)
    parts = list(got) if hasattr(got, "__iter__") else []
    assert [hasattr(part, "columns") for part in parts] == [True, True], (
        f"two tables are due, clean and rejected; got {type(got).__name__}"
    )
    return parts


@task("quarantine")
def test_the_example_is_split_in_two(submission):
    """Rows that pass every rule are clean, all others are rejected, and labels stay with their
    rows."""
    clean, rejected = split(submission, DF.copy(), RULES)

    assert list(clean.index) == ["a"], f"clean should be row a; its labels are {list(clean.index)}"
    assert list(rejected.index) == ["b", "c"], (
        f"rejected should be rows b and c; its labels are {list(rejected.index)}"
    )
    assert list(clean.columns) == ["wind", "temp"], (
        f"clean should have the columns wind and temp; it has {list(clean.columns)}"
    )
    assert list(rejected.columns) == ["wind", "temp", "reasons"], (
        f"rejected should have wind, temp and then reasons; it has {list(rejected.columns)}"
    )


@task("quarantine")
def test_the_example_lists_its_reasons(submission):
    """A rejected row names every rule that it did not pass, not only the first."""
    _, rejected = split(submission, DF.copy(), RULES)

    columns = list(rejected.columns)
    assert "reasons" in columns, f"rejected should have a column reasons; it has {columns}"
    got = [list(names) for names in rejected["reasons"]]
    assert got[0] == ["wind below 150", "temp above -80"], f"row b fails both rules; got {got[0]}"
    assert got[1] == ["wind below 150"], f"row c fails one rule; got {got[1]}"


@task("quarantine")
def test_a_null_verdict_rejects(submission):
    """A rule that cannot tell has not passed the row."""
    df = pd.DataFrame({"wind": pd.array([5, None], dtype="Int64")})
    rules = {"wind below 150": lambda table: table["wind"] < 150}

    clean, rejected = split(submission, df, rules)

    assert (list(clean.index), list(rejected.index)) == ([0], [1]), (
        "wind 5 and <NA>: the rule says True and <NA>, so row 0 is clean and row 1 rejected; "
        f"got clean rows {list(clean.index)}, rejected rows {list(rejected.index)}"
    )
