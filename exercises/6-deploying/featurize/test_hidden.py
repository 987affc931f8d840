"""What decides the points of featurize; never shipped."""

import json
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from grader import load, task

NAN = float("nan")
TEXTS = ["carrier", "origin", "dest"]
FEATURES = [*TEXTS, "weekday", "minute", "distance", "temp"]
NEEDED = [*TEXTS, "year", "month", "day", "sched_dep_time", "distance"]


def record(**changed):
    usual = {"carrier": "UA", "origin": "EWR", "dest": "IAH", "year": 2013, "month": 1, "day": 1}
    return {**usual, "sched_dep_time": 517, "distance": 1400, "temp": 39.0, **changed}


def made_up(seed, n=12, carriers=("UA", "AA", "B6", "DL", None)):
    """Return records of flights of 2013, some with null texts and temperatures."""
    rng = np.random.default_rng(seed)
    records = []
    for _ in range(n):
        day = date(2013, 1, 1) + timedelta(days=int(rng.integers(365)))
        hour, minute = int(rng.integers(24)), int(rng.integers(60))
        records.append(
            {
                "carrier": carriers[rng.integers(len(carriers))],
                "origin": ("EWR", "JFK", "LGA")[rng.integers(3)],
                "dest": ("IAH", "MIA", "ATL", "SFO", None)[rng.integers(5)],
                "year": 2013,
                "month": day.month,
                "day": day.day,
                "sched_dep_time": 100 * hour + minute,
                "distance": int(rng.integers(90, 5000)),
                "temp": None if rng.random() < 0.3 else float(rng.integers(10, 100)),
            }
        )
    return records


def check_types(table):
    assert isinstance(table, pd.DataFrame)
    assert list(table.columns) == FEATURES
    assert [str(dtype) for dtype in table.dtypes] == ["float64"] * len(FEATURES)


@task("featurize", weight=3)
def test_alone_is_as_in_the_batch(submission):
    """A record alone gives exactly the row that it gives among others, types included."""
    state = submission.learn(made_up(1, 40))
    for seed in (2, 3):
        batch = made_up(seed)

        together = submission.featurize(batch, state)

        check_types(together)
        for place, one in enumerate(batch):
            alone = submission.featurize([one], state)
            check_types(alone)
            assert alone.iloc[0].tolist() == pytest.approx(
                together.iloc[place].tolist(), nan_ok=True
            )


@task("featurize")
def test_rows_follow_the_records(submission):
    """There is one row per record, in their order, also when texts are unknown or null."""
    state = submission.learn(made_up(1, 40))
    batch = made_up(4, 30, ("YX", "UA", None, "AA"))

    table = submission.featurize(batch, state)

    assert table["distance"].tolist() == [one["distance"] for one in batch]
    backwards = submission.featurize(batch[::-1], state)
    np.testing.assert_array_equal(backwards.to_numpy()[::-1], table.to_numpy())


@task("featurize", weight=2)
def test_every_known_text_has_a_code_of_its_own(submission):
    """Different values that learn saw have different whole codes from 0, in each of the three
    columns."""
    train = [record(carrier=c, origin=o, dest=d) for c, o, d in zip("ABC", "XYZ", "PQR")]
    train += [record(carrier="A", origin="Z", dest="Q")]

    table = submission.featurize(train, submission.learn(train))

    for name in TEXTS:
        codes = table[name].tolist()
        texts = [one[name] for one in train]
        assert len(set(codes)) == 3
        assert len(set(zip(codes, texts))) == 3
        assert all(code >= 0 and code == int(code) for code in codes)


@task("featurize", weight=2)
def test_what_learn_did_not_see_is_unknown(submission):
    """A value that learn did not see in that column is -1, even if it knows it from another
    column, and takes no known value's code."""
    state = submission.learn([record(), record(carrier="AA", dest="MIA")])
    batch = [record(carrier="YX", origin="SWF", dest="EWR"), record()]

    table = submission.featurize(batch, state)

    assert table[TEXTS].iloc[0].tolist() == [-1, -1, -1]
    assert all(table[TEXTS].iloc[1] >= 0)


@task("featurize", weight=2)
def test_null_is_no_category(submission):
    """A null text is -1, in a list or in a table, even if there were nulls among the training
    records."""
    gaps = {"carrier": None, "origin": NAN, "dest": None}
    train = [record(), record(**gaps), record(carrier="nan", dest="None")]
    state = submission.learn(train)

    for batch in ([record(**gaps)], pd.DataFrame([record(**gaps), record()])):
        table = submission.featurize(batch, state)
        assert table[TEXTS].iloc[0].tolist() == [-1, -1, -1]


@task("featurize")
def test_dates_become_weekdays(submission):
    """Weekdays count from Monday, 0, to Sunday, 6, in any year."""
    days = [date(2013, 1, 7) + timedelta(days=n) for n in range(7)] + [date(2024, 2, 29)]
    batch = [record(year=day.year, month=day.month, day=day.day) for day in days]

    table = submission.featurize(batch, submission.learn([record()]))

    assert table["weekday"].tolist() == [0, 1, 2, 3, 4, 5, 6, 3]


@task("featurize")
def test_clock_readings_become_minutes(submission):
    """A scheduled time is a clock reading: hours and minutes, not a number."""
    readings = {5: 5, 59: 59, 100: 60, 1259: 779, 1300: 780, 2359: 1439}
    batch = [record(sched_dep_time=reading) for reading in readings]

    table = submission.featurize(batch, submission.learn([record()]))

    assert table["minute"].tolist() == list(readings.values())


@task("featurize")
def test_numbers_stay_and_gaps_stay_gaps(submission):
    """Distance and temp come through as they are; a null or absent temp is NaN, never a number."""
    absent = record()
    del absent["temp"]
    state = submission.learn([record(), record(temp=70.0)])

    mixed = submission.featurize([record(temp=-4.5), record(temp=None), absent], state)
    alone = submission.featurize([absent], state)
    zero = submission.featurize([record(distance=17.5, temp=0)], state)

    assert mixed["temp"].tolist() == pytest.approx([-4.5, NAN, NAN], nan_ok=True)
    assert np.isnan(alone["temp"].iloc[0])
    assert zero[["distance", "temp"]].iloc[0].tolist() == [17.5, 0]


@task("featurize", weight=2)
def test_keys_in_any_order_and_more_of_them(submission):
    """Columns go by name: records with their keys in another order, or with more keys, give the
    same rows."""
    batch = made_up(5)
    state = submission.learn(batch)
    shuffled = [{"note": "x", **dict(reversed(one.items())), "hour": 7} for one in batch]

    table = submission.featurize(shuffled, submission.learn(shuffled))

    check_types(table)
    np.testing.assert_array_equal(table.to_numpy(), submission.featurize(batch, state).to_numpy())


@task("featurize")
@pytest.mark.parametrize("key", NEEDED)
def test_an_absent_key_is_refused(submission, key):
    """Without a key other than temp, featurize raises ValueError and names the key."""
    batch = [{k: v for k, v in record().items() if k != key} for _ in range(2)]
    state = submission.learn([record()])

    for records in (batch, pd.DataFrame(batch)):
        with pytest.raises(ValueError, match=rf"\b{key}\b"):
            submission.featurize(records, state)


@task("featurize")
def test_no_records_no_rows(submission):
    """No records give a table without rows, and with the same columns and types as ever."""
    table = submission.featurize([], submission.learn([record()]))

    check_types(table)
    assert len(table) == 0


@task("featurize", weight=2)
def test_the_state_is_plain_data(submission):
    """The state can be written as JSON, and featurize works alike with what is read back."""
    train, batch = made_up(6, 40), made_up(7, 30)
    state = submission.learn(pd.DataFrame(train))

    read_back = json.loads(json.dumps(state))

    expected = submission.featurize(batch, state)
    pd.testing.assert_frame_equal(submission.featurize(batch, read_back), expected)
    assert (expected[TEXTS] >= 0).any(axis=None)


@task("featurize")
def test_the_order_of_training_teaches_nothing(submission):
    """learn gives an equal state for the same records in another order, as a list or a table."""
    train = made_up(8, 40)

    state = submission.learn(train)

    assert submission.learn(train[::-1]) == state
    assert submission.learn(pd.DataFrame(train).sample(frac=1, random_state=0)) == state
    # Other records do teach something else: a state that is always the same has learned nothing.
    assert submission.learn(made_up(8, 40, carriers=("ZZ",))) != state


@task("featurize", weight=2)
def test_two_states_do_not_mix(submission):
    """What was learned is in the state and nowhere else: learning again does not change what an
    older state does."""
    first, second = [record(), record(carrier="AA")], [record(carrier="B6", dest="SEA")]
    state = submission.learn(first)
    before = submission.featurize(first, state)

    other = submission.learn(second)

    pd.testing.assert_frame_equal(submission.featurize(first, state), before)
    assert submission.featurize(second, state)["carrier"].tolist() == [-1]
    assert submission.featurize(second, other)["carrier"].iloc[0] >= 0


@task("featurize")
def test_serving_teaches_nothing(submission):
    """featurize leaves the state and the records as they were, and new values stay unknown."""
    batch = [record(carrier="YX"), record(temp=None)]
    state = submission.learn([record()])

    for records in (batch, pd.DataFrame(batch, index=[7, 3])):
        call = submission.call("featurize", records, state)

        assert call.args[1] == state
        if isinstance(records, list):
            assert call.args[0] == batch
        else:
            pd.testing.assert_frame_equal(call.args[0], records)
        assert call.value["carrier"].iloc[0] == -1


@task("featurize")
def test_learn_leaves_the_records_alone(submission):
    """learn does not change the records that it is given."""
    table = pd.DataFrame(made_up(9))

    call = submission.call("learn", table)

    pd.testing.assert_frame_equal(call.args[0], table)
    assert submission.featurize([record()], call.value).shape == (1, 7)


@task("featurize")
def test_the_index_is_kept(submission):
    """Rows of a DataFrame keep their labels; rows of a list are counted from 0."""
    batch = made_up(10, 4)
    state = submission.learn(batch)

    table = submission.featurize(pd.DataFrame(batch, index=[7, 7, 2, 0]), state)
    listed = submission.featurize(batch, state)

    check_types(table)
    assert list(table.index) == [7, 7, 2, 0]
    assert list(listed.index) == [0, 1, 2, 3]
    np.testing.assert_array_equal(table.to_numpy(), listed.to_numpy())


@task("featurize", weight=2)
def test_real_flights_of_2013(submission):
    """On real flights: the table of the last quarter has the rows that its flights have one at
    a time, with the codes that were learned before."""
    flights = load("flights_2013_sample")
    train = flights[flights["month"] <= 9][NEEDED].head(20_000)
    late = flights[flights["month"] > 9][NEEDED].sample(400, random_state=0)
    state = submission.learn(train)
    some = late.head(5)

    table = submission.featurize(late, state)

    check_types(table)
    assert table.index.equals(late.index)
    for label, one in zip(some.index, some.to_dict("records")):
        alone = submission.featurize([one], state)
        assert alone.iloc[0].tolist() == pytest.approx(table.loc[label].tolist(), nan_ok=True)
    for name in TEXTS:
        assert ((table[name] == -1) == ~late[name].isin(train[name])).all()
        assert table[name].nunique() == late[name].nunique()
