"""What a learner can check at home: the examples of the text."""

from grader import task

CATALOG = {
    "speed": {"made_from": ["distance", "air_time"]},
    "distance": {"known": 43200},
    "air_time": {"known": -2880},
    "queue": {"known": 120},
    "tailnum": {"known": None},
    "seats": {"made_from": ["tailnum"]},
    "forecast": {"known": 360, "made_from": ["distance"]},
}


@task("usable_columns")
def test_the_example_at_two_hours(submission):
    """The example of the text: what is known 120 minutes before, in the order of the catalog."""
    got = submission.usable_columns(CATALOG, 120)

    expected = ["distance", "queue", "forecast"]
    assert got == expected, f"usable_columns(catalog, 120) is {expected}; got {got}"


@task("usable_columns")
def test_exactly_at_the_lead_is_early_enough(submission):
    """A column that is known exactly at the lead is usable, and a minute later it is not."""
    got = submission.usable_columns({"on_time": {"known": 120}, "late": {"known": 119}}, 120)

    assert got == ["on_time"], f"known 120 and 119, lead 120: ['on_time'] is due; got {got}"


@task("usable_columns")
def test_a_column_is_as_late_as_its_latest_parent(submission):
    """A derived column is usable only if all of its parents are."""
    catalog = {
        "a": {"known": 500},
        "b": {"known": 60},
        "early": {"made_from": ["a"]},
        "late": {"made_from": ["a", "b"]},
    }

    got = submission.usable_columns(catalog, 120)

    assert got == ["a", "early"], f"b is too late, and so is what is made from it; got {got}"


@task("usable_columns")
def test_unknown_is_refused(submission):
    """A column is refused when nobody knows when it is known."""
    got = submission.usable_columns({"a": {"known": None}, "b": {"known": 200}}, 120)

    assert got == ["b"], f"`known` of a is None, so only ['b'] is due; got {got}"
