"""Scores: exact, positive evidence only, and the same again after a round trip through JSON."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.sandbox.limits import Ending
from grader.score.attempt import (
    CellReport,
    CellStatus,
    Outcome,
    TaskScore,
    TestResult,
    from_json,
    to_json,
)
from grader.score.points import Plan, mark
from tests.builders import an_attempt

OTHERS = [outcome for outcome in Outcome if outcome is not Outcome.PASSED]


def a_test(name="test_a", outcome=Outcome.NOT_RUN, weight=1, credit=Fraction(1)) -> TestResult:
    return TestResult(name, "task", outcome, weight, credit)


def planned(*tests: TestResult, points=10) -> list[Plan]:
    return [Plan("task", points, tests=tests)]


def points(plan: list[Plan], *results: TestResult) -> Fraction | None:
    (task,) = mark(plan, results)
    return task.points


def test_a_task_whose_tests_all_passed_earns_all_points():
    plan = planned(a_test("test_a"), a_test("test_b", weight=3))

    earned = points(
        plan, a_test("test_a", Outcome.PASSED), a_test("test_b", Outcome.PASSED, weight=3)
    )

    assert earned == 10


@pytest.mark.parametrize("outcome", OTHERS)
def test_only_passed_earns_points(outcome):
    plan = planned(a_test("test_a"), a_test("test_b"))

    assert points(plan, a_test("test_a", Outcome.PASSED), a_test("test_b", outcome)) == 5


def test_a_planned_test_without_a_report_is_not_run_and_earns_nothing():
    (task,) = mark(planned(a_test("test_a"), a_test("test_b")), [a_test("test_a", Outcome.PASSED)])

    assert task.points == 5
    assert [test.outcome for test in task.tests] == [Outcome.PASSED, Outcome.NOT_RUN]


def test_without_any_report_nothing_is_earned():
    assert points(planned(a_test())) == 0


def test_a_report_of_a_test_that_nobody_planned_earns_nothing():
    assert points(planned(a_test()), a_test("test_extra", Outcome.PASSED, weight=100)) == 0


def test_a_task_without_tests_earns_nothing():
    assert points(planned()) == 0


def test_a_manual_task_waits_and_counts_nothing_yet():
    (task,) = mark([Plan("note", 5, manual=True)], [])

    assert task == TaskScore("note", None, 5)


def test_credit_is_a_part_of_the_tests_weight():
    plan = planned(a_test("test_a", weight=3), a_test("test_b"))
    half = a_test("test_a", Outcome.PASSED, weight=3, credit=Fraction(1, 2))

    assert points(plan, half) == Fraction(10 * 3, 2 * 4)


def test_credit_of_a_test_that_failed_is_worth_nothing():
    failed = a_test(outcome=Outcome.FAILED, credit=Fraction(1, 2))

    assert points(planned(a_test()), failed) == 0


def test_thirds_add_up_exactly():
    plan = planned(*(a_test(f"test_{n}") for n in range(3)))

    scores = [points(plan, a_test(f"test_{n}", Outcome.PASSED)) for n in range(3)]

    assert sum(scores, Fraction(0)) == 10


@given(
    weights=st.lists(st.integers(1, 9), min_size=1, max_size=6),
    outcomes=st.lists(st.sampled_from(list(Outcome)), min_size=6, max_size=6),
    credits=st.lists(st.fractions(0, 1), min_size=6, max_size=6),
    most=st.integers(1, 100),
)
def test_points_are_never_below_nothing_or_above_the_maximum(weights, outcomes, credits, most):
    plan = planned(*(a_test(f"test_{n}", weight=w) for n, w in enumerate(weights)), points=most)
    results = [
        a_test(f"test_{n}", outcome, weight, credit)
        for n, (weight, outcome, credit) in enumerate(zip(weights, outcomes, credits, strict=False))
    ]

    earned = points(plan, *results)

    assert 0 <= earned <= most
    assert (earned == most) == all(
        result.outcome is Outcome.PASSED and result.credit == 1 for result in results
    )


@given(
    order=st.permutations(range(5)), outcomes=st.lists(st.sampled_from(list(Outcome)), min_size=5)
)
def test_the_order_of_the_reports_changes_nothing(order, outcomes):
    plan = planned(*(a_test(f"test_{n}") for n in range(5)))
    results = [a_test(f"test_{n}", outcomes[n]) for n in range(5)]

    assert mark(plan, results) == mark(plan, [results[n] for n in order])


def test_the_weight_that_counts_is_the_planned_one():
    plan = planned(a_test("test_a"), a_test("test_b"))

    assert points(plan, a_test("test_a", Outcome.PASSED, weight=100)) == 5


def test_a_report_for_another_task_earns_nothing():
    elsewhere = replace(a_test("test_a", Outcome.PASSED), task="other")

    assert points(planned(a_test("test_a")), elsewhere) == 0


def test_of_two_reports_for_one_test_a_pass_does_not_hide_a_failure():
    passed, failed = a_test(outcome=Outcome.PASSED), a_test(outcome=Outcome.FAILED)

    assert points(planned(a_test()), passed, failed) == 0
    assert points(planned(a_test()), failed, passed) == 0


def test_a_plan_cannot_say_that_a_test_has_passed():
    assert points(planned(a_test(outcome=Outcome.PASSED))) == 0


@pytest.mark.parametrize("credit", [Fraction(5), Fraction(-5)])
def test_credit_outside_of_nothing_and_all_is_cut_off(credit):
    earned = points(planned(a_test()), a_test(outcome=Outcome.PASSED, credit=credit))

    assert earned in (0, 10)


# Attempts ----------------------------------------------------------------------------------------


# As much as an attempt can say of itself and of a test.
COMPLETE = an_attempt(
    results=(
        TestResult(
            "test_a", "task", Outcome.PASSED, 2, Fraction(1, 3), "It works.", "…", False, 0.25,
            sha256="e" * 64, unwritten=True,
        ),
    ),
    started=datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC),
    memory_mb=80.25,
    ending=Ending.TIMEOUT,
    cells=(CellReport(0, CellStatus.ERROR, "ValueError: x", "printed"),),
    repairs=("A cell was put back.",),
    note="It took too long.",
    run_sha256="d" * 64,
)  # fmt: skip


def test_the_score_of_an_attempt_is_exact_and_leaves_out_what_waits():
    attempt = an_attempt()

    assert attempt.score == Fraction(20, 3)
    assert attempt.max_score == 15


def test_an_attempt_survives_json_unchanged():
    assert from_json(json.loads(json.dumps(to_json(COMPLETE)))) == COMPLETE


@pytest.mark.parametrize("ending", list(Ending))
@pytest.mark.parametrize("outcome", list(Outcome))
def test_every_ending_and_outcome_comes_back_as_itself(ending, outcome):
    test = a_test(outcome=outcome)
    attempt = an_attempt(ending=ending, tasks=(TaskScore("task", Fraction(0), 1, (test,)),))

    again = from_json(json.loads(json.dumps(to_json(attempt))))

    assert again.ending is ending
    assert again.tasks[0].tests[0].outcome is outcome


def test_records_from_before_say_by_a_sentence_that_an_answer_was_not_written():
    sentence = "This answer is not written yet."
    said = a_test(outcome=Outcome.ERROR)
    attempt = an_attempt(
        tasks=(TaskScore("task", Fraction(0), 1, (replace(said, detail=sentence), said)),)
    )
    data = to_json(attempt)
    assert [test.unwritten for test in from_json(data).tasks[0].tests] == [False, False]

    for test in data["tasks"][0]["tests"]:
        del test["unwritten"]

    assert [test.unwritten for test in from_json(data).tasks[0].tests] == [True, False]


def test_what_is_reported_as_not_written_is_scored_as_that():
    (task,) = mark(planned(a_test()), [replace(a_test(outcome=Outcome.ERROR), unwritten=True)])

    assert task.points == 0
    assert task.tests[0].unwritten


def test_json_has_the_exact_score_for_whoever_reads_it_without_us():
    data = to_json(COMPLETE)

    assert data["score"] == "20/3"
    assert data["tasks"][0]["points"] == "20/3"
    assert data["tasks"][1]["points"] is None
    assert data["started"] == "2026-03-01T12:00:00.123456+00:00"


@given(text=st.text())
def test_any_text_of_a_learner_survives_json(text):
    attempt = an_attempt(
        note=text, repairs=(text,), cells=(CellReport(0, CellStatus.ERROR, text, text),)
    )

    assert from_json(json.loads(json.dumps(to_json(attempt)))) == attempt
