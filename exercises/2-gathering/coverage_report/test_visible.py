"""What a learner can check at home: the example of the text."""

import pandas as pd

from grader import task

LEFT = pd.DataFrame(
    {"carrier": ["UA", "UA", "MQ", "MQ", None], "tail": ["N1", None, "X", "Y", "N1"]}
)
RIGHT = pd.DataFrame({"tail": ["N1", "N1", "N2", None]})


def example(submission):
    got = submission.coverage_report(LEFT.copy(), RIGHT.copy(), on=["tail"], by="carrier")
    assert isinstance(got, pd.DataFrame), f"a DataFrame is due; got {type(got).__name__}"
    return got


@task("coverage_report")
def test_the_columns_of_the_example(submission):
    """The report has the group, rows, matched, unmatched, null_key and share, in this order."""
    got = list(example(submission).columns)

    due = ["carrier", "rows", "matched", "unmatched", "null_key", "share"]
    assert got == due, f"columns {due} are due; got {got}"


@task("coverage_report")
def test_the_groups_of_the_example(submission):
    """Every group has a row, worst first: also one that finds nothing, and one without a name."""
    got = [None if pd.isna(name) else name for name in example(submission)["carrier"]]

    assert got == ["MQ", "UA", None], f"groups MQ, UA, null are due, in this order; got {got}"


@task("coverage_report")
def test_a_match_counts_once(submission):
    """A row that finds its key twice in right is still one row."""
    report = example(submission)
    columns = list(report.columns)
    assert {"rows", "matched"} <= {*columns}, f"rows and matched are due; got columns {columns}"
    got = report.iloc[-1]

    assert (got["rows"], got["matched"]) == (1, 1), (
        f"1 row, 1 matched is due for the group without a name; got {got['rows']}, {got['matched']}"
    )


@task("coverage_report")
def test_the_null_key_of_the_example(submission):
    """A null key matches nothing, and is counted apart from keys that right does not have."""
    got = example(submission)
    numbers, columns = ["matched", "unmatched", "null_key"], list(got.columns)
    assert {*numbers} <= {*columns}, f"columns {numbers} are due; got {columns}"
    counts = got.loc[got["carrier"] == "UA", numbers]

    assert counts.to_numpy().tolist() == [[1, 0, 1]], (
        f"of UA's rows, 1 is matched, 0 unmatched, 1 has a null key; got {counts}"
    )
