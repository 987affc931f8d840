"""What a learner can check at home: the example of the text, alone and in company."""

import json

import pytest

from grader import task

FEATURES = ["carrier", "origin", "dest", "weekday", "minute", "distance", "temp"]


def record(**changed):
    """Return a flight of Tuesday, 1 January 2013."""
    usual = {"carrier": "UA", "origin": "EWR", "dest": "IAH", "year": 2013, "month": 1, "day": 1}
    return {**usual, "sched_dep_time": 517, "distance": 1400, "temp": 39.0, **changed}


def table_of(submission, records, state):
    """Return the table that featurize makes."""
    table = submission.featurize(records, state)
    assert hasattr(table, "columns"), f"a DataFrame is due; got {type(table).__name__}"
    return table


TRAIN = [record(), record(carrier="AA", origin="JFK", dest="MIA"), record(carrier="B6")]


@task("featurize")
def test_the_example_has_its_columns(submission):
    """One record becomes one row, with the columns of FEATURES in their order, all float64."""
    table = table_of(submission, [record()], submission.learn(TRAIN))

    assert list(table.columns) == FEATURES, f"the columns are {list(table.columns)}"
    types = {str(dtype) for dtype in table.dtypes}
    assert types == {"float64"}, f"the types are {table.dtypes.astype(str).to_dict()}"
    assert len(table) == 1, f"one record gave {len(table)} rows"


@task("featurize")
def test_the_example_is_read(submission):
    """Date, clock and numbers of a record become weekday, minute, distance and temp."""
    row = table_of(submission, [record()], submission.learn(TRAIN)).iloc[0]

    assert row["weekday"] == 1, f"1 January 2013 was a Tuesday, 1; got {row['weekday']}"
    assert row["minute"] == 317, f"5:17 is minute 317; got {row['minute']}"
    assert (row["distance"], row["temp"]) == (1400, 39.0), f"the row is {row.to_dict()}"


@task("featurize")
def test_an_airline_has_its_code_alone_too(submission):
    """A record that comes alone has the code that it has in a batch."""
    state = submission.learn(TRAIN)
    batch = table_of(submission, TRAIN, state)["carrier"].tolist()
    alone = [table_of(submission, [one], state)["carrier"].iloc[0] for one in TRAIN]

    assert len(set(batch)) == 3, f"UA, AA and B6 have the codes {batch}"
    assert alone == batch, f"together the codes are {batch}, one at a time {alone}"


@task("featurize")
def test_a_new_airline_is_minus_one(submission):
    """A carrier that learn did not see is -1."""
    table = table_of(submission, [record(carrier="YX")], submission.learn(TRAIN))
    code = table["carrier"].iloc[0]

    assert code == -1, f"YX is not in the training records; its code is {code}"


@task("featurize")
def test_the_state_can_be_written_as_json(submission):
    """The state survives being written as JSON and read back."""
    state = submission.learn(TRAIN)
    read_back = json.loads(json.dumps(state))

    before = table_of(submission, TRAIN, state)["carrier"].tolist()
    after = table_of(submission, TRAIN, read_back)["carrier"].tolist()
    assert after == pytest.approx(before), f"codes {before} became {after}"
