"""What decides the points of quarantine; never shipped."""

import numpy as np
import pandas as pd
import pytest

from grader import load, task


def made_up(seed, n=60):
    """Return a table in which every row can be told by `id`, with repeated and unsorted labels."""
    rng = np.random.default_rng(seed)
    table = pd.DataFrame(
        {
            "id": np.arange(n),
            "wind": rng.normal(60, 60, n).round(1),
            "gust": pd.array(rng.integers(0, 200, n), dtype="Int64"),
            "place": rng.choice(["EWR", "JFK", "LGA"], n),
        },
        index=rng.integers(0, n // 2, n),
    )
    table.loc[rng.random(n) < 0.1, "wind"] = np.nan
    table.loc[rng.random(n) < 0.2, "gust"] = pd.NA
    return table


RULES = {
    "wind is positive": lambda table: table["wind"] >= 0,
    "gust is plausible": lambda table: table["gust"] < 150,
    "not at LGA": lambda table: table["place"] != "LGA",
}


def due(table, rules):
    """Return the reasons that are due for each row of a table, by position."""
    verdicts = {name: rule(table).tolist() for name, rule in rules.items()}
    return [
        [name for name, verdict in verdicts.items() if verdict[row] is not True]
        for row in range(len(table))
    ]


def check_split(answer, table, reasons):
    """Assert that (clean, rejected) is the split of the table that the reasons ask for."""
    clean, rejected = answer
    bad = np.array([len(names) > 0 for names in reasons], dtype=bool)
    assert list(rejected.columns) == [*table.columns, "reasons"]
    pd.testing.assert_frame_equal(clean, table[~bad])
    pd.testing.assert_frame_equal(rejected.drop(columns="reasons"), table[bad])
    assert [list(names) for names in rejected["reasons"]] == [names for names in reasons if names]


@task("quarantine", weight=2)
def test_no_row_is_lost_or_doubled(submission):
    """Every row of the input is in exactly one of the two tables, once, whatever the rules say of
    it."""
    for seed in range(4):
        table = made_up(seed)

        clean, rejected = submission.quarantine(table.copy(), RULES)

        assert len(clean) > 0
        assert len(rejected) > 0
        assert sorted([*clean["id"], *rejected["id"]]) == list(table["id"])


@task("quarantine", weight=2)
def test_every_reason_is_listed_in_order(submission):
    """A row's reasons are all the rules that it did not pass, in the order of the rules."""
    table = made_up(11, n=150)
    for names in (list(RULES), list(reversed(RULES))):
        rules = {name: RULES[name] for name in names}

        _, rejected = submission.quarantine(table.copy(), rules)

        expected = [reasons for reasons in due(table, rules) if reasons]
        assert [list(reasons) for reasons in rejected["reasons"]] == expected
        assert {len(reasons) for reasons in expected} == {1, 2, 3}


@task("quarantine", weight=2)
def test_cannot_tell_is_not_a_pass(submission):
    """A null verdict keeps a row out of the clean table, and the rule is named among its
    reasons."""
    table = pd.DataFrame({"gust": pd.array([20, None, 300, None], dtype="Int64"), "id": range(4)})
    rules = {
        "gust is plausible": lambda t: t["gust"] < 150,
        "gust is not zero": lambda t: t["gust"] != 0,
    }

    answer = submission.quarantine(table.copy(), rules)

    both = ["gust is plausible", "gust is not zero"]
    check_split(answer, table, [[], both, ["gust is plausible"], both])


@task("quarantine")
def test_any_kind_of_null_is_not_a_pass(submission):
    """None and NaN among the verdicts of an object Series mean "cannot tell", like pd.NA."""
    table = pd.DataFrame({"id": range(4)})
    rules = {"known": lambda t: pd.Series([True, None, np.nan, False], index=t.index, dtype=object)}

    answer = submission.quarantine(table.copy(), rules)

    check_split(answer, table, [[], ["known"], ["known"], ["known"]])


@task("quarantine", weight=2)
def test_rows_keep_their_labels_and_order(submission):
    """Both tables keep the order and the index labels of the input, also when labels repeat or are
    text."""
    table = made_up(3)
    table.index.name = "station"
    check_split(submission.quarantine(table.copy(), RULES), table, due(table, RULES))

    named = pd.DataFrame({"wind": [3.0, -1.0, 4.0, -2.0]}, index=["x", "x", "a", "a"])
    rules = {"wind is positive": RULES["wind is positive"]}
    check_split(submission.quarantine(named.copy(), rules), named, due(named, rules))


@task("quarantine")
def test_columns_keep_their_types(submission):
    """Dtypes are the same in both tables: whole numbers with nulls, categories, texts and times
    stay what they are."""
    table = pd.DataFrame(
        {
            "gust": pd.array([20, None, 30, 400], dtype="Int64"),
            "place": pd.Categorical(["EWR", "JFK", "JFK", "LGA"]),
            "time": pd.date_range("2013-01-01", periods=4, freq="h", tz="UTC"),
            "note": ["a", None, "c", "d"],
            "small": np.array([1, 2, 3, 4], dtype="int16"),
            "ok": [True, True, False, True],
        }
    )
    rules = {"gust is plausible": lambda t: t["gust"] < 150, "ok": lambda t: t["ok"]}

    answer = submission.quarantine(table.copy(), rules)

    reasons = [[], ["gust is plausible"], ["ok"], ["gust is plausible"]]
    check_split(answer, table, reasons)


@task("quarantine")
def test_the_input_is_left_alone(submission):
    """The table that the caller passed is the same after the call: no helper column, no rows
    gone."""
    table = made_up(5)

    call = submission.call("quarantine", table.copy(), RULES)

    clean, rejected = call.value
    assert len(clean) > 0
    assert len(rejected) > 0
    pd.testing.assert_frame_equal(call.args[0], table)


@task("quarantine")
def test_clean_rows_pass_again(submission):
    """Putting the clean table through the same rules rejects nothing and changes nothing."""
    table = made_up(6)

    clean, _ = submission.quarantine(table.copy(), RULES)
    again = submission.quarantine(clean.copy(), RULES)

    assert 0 < len(clean) < len(table)
    check_split(again, clean, [[] for _ in range(len(clean))])


@task("quarantine")
def test_no_rules_and_no_rows(submission):
    """Without rules all rows are clean; without rows both tables are empty; `reasons` is there all
    the same."""
    table = made_up(7)

    check_split(submission.quarantine(table.copy(), {}), table, [[] for _ in range(len(table))])
    check_split(submission.quarantine(table.iloc[:0].copy(), RULES), table.iloc[:0], [])


@task("quarantine")
def test_all_clean_and_all_rejected(submission):
    """When every row passes or every row fails, the other table has no rows but all its columns."""
    table = made_up(8)
    yes = {"yes": lambda t: pd.Series(True, index=t.index)}
    no = {"no": lambda t: pd.Series(False, index=t.index)}

    check_split(submission.quarantine(table.copy(), yes), table, [[] for _ in range(len(table))])
    check_split(submission.quarantine(table.copy(), no), table, [["no"] for _ in range(len(table))])


@task("quarantine")
def test_a_rule_may_compare_rows(submission):
    """Each rule is asked about the whole table, so that a rule such as "the key is unique" can
    work."""
    table = pd.DataFrame({"key": [1, 2, 1, 3], "wind": [5.0, -6.0, -7.0, 8.0]})
    rules = {
        "wind is positive": lambda t: t["wind"] >= 0,
        "key is unique": lambda t: ~t["key"].duplicated(keep=False),
    }

    answer = submission.quarantine(table.copy(), rules)

    check_split(answer, table, due(table, rules))


@task("quarantine")
def test_a_rule_that_cannot_run_is_heard(submission):
    """When a rule raises, the caller sees its exception; the rows have neither passed nor
    failed."""
    table = pd.DataFrame({"wind": [5.0, -6.0]})
    rules = {"wind is positive": lambda t: t["wind"] >= 0, "typo": lambda t: t["wnid"] < 150}

    clean, rejected = submission.quarantine(table.copy(), {"ok": rules["wind is positive"]})
    assert (len(clean), len(rejected)) == (1, 1)
    with pytest.raises(KeyError):
        submission.quarantine(table.copy(), rules)


@task("quarantine")
def test_real_weather_of_2013(submission):
    """On 2013's airport weather, implausible, incomplete and repeated readings are found and
    nothing else."""
    columns = ["origin", "time_hour", "month", "day", "hour", "wind_speed", "temp"]
    weather = load("weather_2013")[columns]
    weather = weather[weather["month"].isin([2, 3, 8, 11])]
    rules = {
        "wind below 150 mph": lambda t: t["wind_speed"].astype("Float64") < 150,
        "temperature is known": lambda t: t["temp"].notna(),
        "one reading an hour": lambda t: (
            ~t.duplicated(["origin", "month", "day", "hour"], keep=False)
        ),
    }

    answer = submission.quarantine(weather.copy(), rules)

    reasons = due(weather, rules)
    assert {name for names in reasons for name in names} == set(rules)
    check_split(answer, weather, reasons)
