"""Suites: what counts as a pass, what a learner reads, and how points come together."""

from __future__ import annotations

import contextlib
import inspect
import os
import re
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import _pytest.config
import _pytest.runner
import numpy as np
import pandas as pd
import pytest

from grader.errors import ExerciseError, LearnerError
from grader.sandbox.limits import Limits
from grader.sandbox.sandbox import Sandbox
from grader.score import points
from grader.score.attempt import Outcome, TestResult
from grader.suite import run as suite
from grader.suite.here import InProcess
from grader.suite.notebook_run import NotebookRun
from grader.suite.verdict import DETAIL_CHARACTERS
from grader.wire import raised
from tests import builders

HEAD = "import pytest\nfrom grader import task\n\n"


def results(
    tmp_path: Path, tests: str, name: str = "test_hidden.py", **names: Any
) -> dict[str, TestResult]:
    file = tmp_path / name
    file.write_text(HEAD + tests, encoding="utf-8")
    tested = suite.Suite([file]).run(lambda *_, **__: contextlib.nullcontext(InProcess(names)))
    return {result.name: result for result in tested}


def one(tmp_path: Path, body: str, name: str = "test_hidden.py", **names: Any) -> TestResult:
    source = f'@task("t")\ndef test_it(submission, credit):\n    """It behaves."""\n    {body}\n'
    return results(tmp_path, source, name, **names)["test_it"]


def test_only_a_test_that_ran_to_its_end_passes(tmp_path: Path) -> None:
    assert one(tmp_path, "assert submission.f() == 1", f=lambda: 1).outcome is Outcome.PASSED
    assert one(tmp_path, "assert submission.f() == 2", f=lambda: 1).outcome is Outcome.FAILED
    assert one(tmp_path, "submission.f()", f=lambda: 1 / 0).outcome is Outcome.ERROR
    assert one(tmp_path, "pytest.fail('no')").outcome is Outcome.FAILED


@pytest.mark.parametrize("wish", ["-k nothing", "--collect-only", "--basetemp=/nowhere"])
def test_what_this_machine_wishes_of_pytest_changes_no_mark(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wish: str
) -> None:
    monkeypatch.setenv("PYTEST_ADDOPTS", wish)
    monkeypatch.setenv("PYTEST_PLUGINS", "a_plugin_that_is_not_installed")

    assert one(tmp_path, "assert submission.f() == 1", f=lambda: 1).outcome is Outcome.PASSED
    assert os.environ["PYTEST_ADDOPTS"] == wish


@pytest.mark.parametrize("body", ["pytest.skip('x')", "pytest.xfail('x')", "raise SystemExit(0)"])
def test_a_test_that_gets_out_early_does_not_pass(tmp_path: Path, body: str) -> None:
    assert one(tmp_path, body).outcome is not Outcome.PASSED


def test_a_learner_cannot_leave_a_test_early(tmp_path: Path) -> None:
    def leave() -> None:
        raise SystemExit(0)

    assert one(tmp_path, "submission.f()", f=leave).outcome is not Outcome.PASSED


def test_an_answer_cannot_end_a_loop_of_the_test(tmp_path: Path) -> None:
    """`all(map(f, …))` would be true of an answer that raises StopIteration."""

    class Own(StopIteration):
        pass

    for kind in (StopIteration, StopAsyncIteration, Own):

        def answer(_: int, kind: type[Exception] = kind) -> int:  # as it is across the wall
            names = raised.read(raised.told(kind("enough")))
            raise raised.again(*names) or LearnerError(kind.__name__, "enough")

        result = one(tmp_path, "assert all(map(submission.f, [1, 2]))", f=answer)

        assert result.outcome is Outcome.ERROR


def test_a_hidden_test_tells_behaviour_and_nothing_else(tmp_path: Path) -> None:
    result = one(tmp_path, "assert submission.f('SECRET') == 'EXPECTED'", f=lambda x: x)

    assert result.behaviour == "It behaves."
    assert result.detail == ""


def test_what_learner_code_says_in_a_hidden_test_is_not_shown(tmp_path: Path) -> None:
    def leak(value: str) -> None:
        raise ValueError(f"the input was {value}")

    assert "SECRET" not in one(tmp_path, "submission.f('SECRET')", f=leak).detail


NOTHING = {
    "an empty array": np.array([]),
    "an array of arrays": np.zeros((0, 3)),
    "an empty column": pd.Series([], dtype=float),
    "an empty nullable column": pd.array([], dtype="Float64"),
    "an empty index": pd.Index([], dtype=float),
    "an empty table": pd.DataFrame(),
    "an empty list": [],
    "an empty tuple": (),
    "an empty dict": {},
    "an empty set": set(),
    "an empty text": "",
    "null": None,
}
FIVES = {
    "an array of one": np.array([5.0]),
    "an array of two": np.array([5.0, 5.0]),
    "a column": pd.Series([5.0]),
    "a nullable column": pd.array([5.0], dtype="Float64"),
    "an index": pd.Index([5.0]),
    "a table": pd.DataFrame({"a": [5.0]}),
    "a list": [5.0],
    "a dict": {0: 5.0},
    "a set": {5.0},
}
UNEQUAL = """
    from decimal import Decimal
    from math import nan
    x, approx = submission.f(), pytest.approx
    for due in (approx(5), approx(Decimal(5)), approx(5, abs=10), approx(nan, nan_ok=True),
                approx(True), approx("5")):
        assert not x == due
        assert not due == x
        assert x != due
        assert due != x
        assert x not in [due]
"""
IMPORTS = "import numpy as np; "


@pytest.mark.parametrize("answer", [*NOTHING, *FIVES])
def test_what_has_a_dimension_is_no_number(tmp_path: Path, answer: str) -> None:
    given = (NOTHING | FIVES)[answer]

    assert one(tmp_path, UNEQUAL, f=lambda: given).outcome is Outcome.PASSED


@pytest.mark.parametrize("five", [5, 5.0000001, np.float64(5), np.int8(5), np.array(5.0)])
def test_a_number_is_approximately_a_number(tmp_path: Path, five: Any) -> None:
    for claim in ("x == due", "due == x", "not (x != due)", "not (due != x)", "x in [due]"):
        body = f"x, due = submission.f(), pytest.approx(5); assert {claim}"
        assert one(tmp_path, body, f=lambda: five).outcome is Outcome.PASSED, claim


@pytest.mark.parametrize("due", ["[5, 6]", "np.array([5, 6])", "{'a': 5, 'b': 6}", "(5.0, 6.0)"])
def test_approximate_containers_are_compared_in_shape_and_in_content(
    tmp_path: Path, due: str
) -> None:
    right = {"a": 5.0, "b": 6.0} if "a'" in due else [5.0, 6.0]
    for answer in (right, 5, [5.0], [5.0, 6.0, 7.0], [[5.0, 6.0]], {"a": 5.0}, *NOTHING.values()):
        body = f"{IMPORTS} assert submission.f() == pytest.approx({due})"
        passed = one(tmp_path, body, f=lambda answer=answer: answer).outcome is Outcome.PASSED
        assert passed is (answer is right), answer


def test_a_number_is_no_empty_array(tmp_path: Path) -> None:
    body = f"{IMPORTS} assert submission.f() == pytest.approx(np.array({{}}))"

    assert one(tmp_path, body.format([]), f=lambda: 5).outcome is Outcome.FAILED
    assert one(tmp_path, body.format([5, 5]), f=lambda: 5).outcome is Outcome.FAILED
    assert one(tmp_path, body.format(5), f=lambda: 5).outcome is Outcome.PASSED
    assert one(tmp_path, body.format([]), f=lambda: []).outcome is Outcome.PASSED


@pytest.mark.sandbox
def test_an_empty_array_is_no_number_across_the_wall(tmp_path: Path, sandbox: Sandbox) -> None:
    source = '@task("t")\ndef test_it(submission):\n    """B."""\n'
    source += "    assert submission.f() == pytest.approx(0.5)\n"
    (tmp_path / "test_hidden.py").write_text(HEAD + source, encoding="utf-8")
    run = NotebookRun(
        sandbox, Limits(), (), [(0, "import numpy as np\ndef f(): return np.array([])")]
    )
    run.execute()

    (result,) = suite.Suite([tmp_path / "test_hidden.py"]).run(run.submission)
    run.close()

    assert result.outcome is Outcome.FAILED


def test_outside_of_a_suite_approx_is_pytests_own(tmp_path: Path) -> None:
    kinds = [type(pytest.approx(0)), type(pytest.approx(np.zeros(1)))]
    before = [dict(vars(kind)) for kind in kinds]

    one(tmp_path, "assert submission.f() == pytest.approx(5)", f=lambda: 5)
    one(tmp_path, "raise SystemExit", f=lambda: 5)

    assert [dict(vars(kind)) for kind in kinds] == before


OWN_ERRORS = """
class BundleError(ValueError):
    pass

class NameError(Exception):
    pass

class Skipped(AssertionError):
    pass

def f(name):
    raise globals()[name]("the input was 4711")

def g(name):
    raise {"ValueError": ValueError, "SystemExit": SystemExit}[name]("the input was 4711")
"""
# By what is raised: what a hidden test tells, and what a visible one does.
F, G = 11, 14  # their lines that raise
TOLD = {
    "f('BundleError')": ("Your code raised ValueError.", "BundleError: the input was 4711", F),
    "f('NameError')": ("Your code raised an exception.", "NameError: the input was 4711", F),
    "f('Skipped')": ("", "Skipped: the input was 4711", F),
    "g('ValueError')": ("Your code raised ValueError.", "ValueError: the input was 4711", G),
    "g('SystemExit')": ("Your code raised an exception.", "SystemExit: the input was 4711", G),
}


@pytest.mark.sandbox
@pytest.mark.parametrize("call", TOLD)
def test_of_an_exception_a_hidden_test_tells_the_known_class_alone(
    tmp_path: Path, sandbox: Sandbox, call: str
) -> None:
    source = f'@task("t")\ndef test_it(submission):\n    """B."""\n    submission.{call}\n'
    run = NotebookRun(sandbox, Limits(), (), [(0, OWN_ERRORS)])
    run.execute()

    told = []
    for name in ("test_hidden.py", "test_visible.py"):
        (tmp_path / name).write_text(HEAD + source, encoding="utf-8")
        (result,) = suite.Suite([tmp_path / name]).run(run.submission)
        assert result.outcome is not Outcome.PASSED
        told.append(result.detail)
    run.close()

    hidden, visible, line = TOLD[call]
    source = OWN_ERRORS.split("\n")[line].strip()
    assert told == [
        hidden,
        f"Your code raised {visible}\nin cell 1, line {line}: {source}\n"
        f"The test called submission.{call}",
    ]


@pytest.mark.parametrize("name", ["test_hidden.py", "test_visible.py"])
def test_a_name_that_is_missing_is_told_as_that(tmp_path: Path, name: str) -> None:
    told = one(tmp_path, "submission.h()", name).detail

    assert told == "Something is missing: the notebook does not define h."


@pytest.mark.parametrize("name", ["test_hidden.py", "test_visible.py"])
def test_an_answer_that_is_not_written_is_told_from_a_wrong_one(tmp_path: Path, name: str) -> None:
    def unwritten() -> None:
        raise NotImplementedError

    found = one(tmp_path, "submission.f()", name, f=unwritten)
    assert (found.outcome, found.unwritten) == (Outcome.ERROR, True)
    assert found.detail == "This answer is not written yet."

    said = "assert submission.f(), 'This answer is not written yet.'"
    assert not one(tmp_path, said, name, f=lambda: 0).unwritten
    assert not one(tmp_path, "submission.g()", name, f=lambda: 0).unwritten
    assert not one(tmp_path, "submission.f()", name, f=lambda: 1 / 0).unwritten


def test_a_visible_test_shows_the_values(tmp_path: Path) -> None:
    result = one(tmp_path, "assert submission.f(3) == 4", "test_visible.py", f=lambda x: x)

    assert "3 == 4" in result.detail
    assert not result.hidden


@pytest.mark.parametrize("more", [0, 1])
def test_what_is_told_of_a_test_is_printable_and_has_an_end(tmp_path: Path, more: int) -> None:
    room = DETAIL_CHARACTERS - len("Failed: ")
    said = "a\tb\x1b[2J\r\ud800".ljust(room + more, "x")

    told = one(tmp_path, "pytest.fail(submission.f())", "test_visible.py", f=lambda: said).detail

    assert told.startswith("Failed: a\tb\ufffd[2J\ufffd\ufffdx")
    assert DETAIL_CHARACTERS - 9 < len(told) <= DETAIL_CHARACTERS
    assert ("characters were left out" in told) == bool(more)


def test_the_cases_of_a_parametrized_test_are_one(tmp_path: Path) -> None:
    source = """
@task("t")
@pytest.mark.parametrize("n", [1, 2, 3])
def test_small(submission, n):
    \"\"\"Small numbers work.\"\"\"
    assert submission.f(n)

@task("t")
def test_other(submission):
    \"\"\"Another.\"\"\"
    assert submission.f(1)
"""
    tested = results(tmp_path, source, f=lambda n: n != 2)

    assert {name: r.outcome.value for name, r in tested.items()} == {
        "test_small": "failed",
        "test_other": "passed",
    }


def test_credit_is_a_part_of_the_weight(tmp_path: Path) -> None:
    assert one(tmp_path, "credit(0.25)").earned == Fraction(1, 4)
    assert one(tmp_path, "credit(0.25); assert False").earned == 0
    assert one(tmp_path, "credit(2)").outcome is Outcome.ERROR


def test_a_suite_runs_many_submissions_and_remembers_none(tmp_path: Path) -> None:
    file = tmp_path / "test_hidden.py"
    file.write_text(
        HEAD + '@task("t")\ndef test_it(submission):\n    """B."""\n    assert submission.x\n'
    )
    tests = suite.Suite([file])

    @contextlib.contextmanager
    def opened(x: bool) -> Iterator[InProcess]:
        yield InProcess({"x": x})

    outcomes = [tests.run(lambda *_, x=x, **__: opened(x))[0].outcome for x in (True, False, True)]

    assert outcomes == [Outcome.PASSED, Outcome.FAILED, Outcome.PASSED]


FAULTS = {
    "needs @task": 'def test_it(submission):\n    """B."""\n',
    "needs a docstring": '@task("t")\ndef test_it(submission):\n    pass\n',
    "cannot be read": "import nowhere_to_be_found\n",
}


@pytest.mark.parametrize("fault", FAULTS)
def test_faults_of_a_test_file_name_the_test(tmp_path: Path, fault: str) -> None:
    file = tmp_path / "test_hidden.py"
    file.write_text(HEAD + FAULTS[fault], encoding="utf-8")

    with pytest.raises(ExerciseError, match=fault):
        suite.Suite([file])


def test_a_task_without_tests_and_a_test_without_task_are_faults(tmp_path: Path) -> None:
    exercise = builders.heights(tmp_path)
    assert {w.task for w in suite.load(exercise).plan(exercise)} == {
        "parse_height",
        "tallest",
        "note",
    }

    strange = builders.heights(
        tmp_path / "b", hidden=HEAD + '@task("smallest")\ndef test_it(submission):\n    """B."""\n'
    )
    with pytest.raises(ExerciseError, match="smallest"):
        suite.load(strange).plan(strange)


def test_a_planned_test_that_nobody_reports_earns_nothing(tmp_path: Path) -> None:
    exercise = builders.heights(tmp_path)
    planned = suite.load(exercise).plan(exercise)

    marked = points.mark(planned, ())

    assert [task.points for task in marked] == [0, 0, None]
    assert {test.outcome for task in marked for test in task.tests} == {Outcome.NOT_RUN}


# pytest's private names -------------------------------------------------------------------------


def parameters(function: Any) -> list[str]:
    return list(inspect.signature(function).parameters)


def test_pytests_private_doors_are_where_they_were() -> None:
    assert parameters(_pytest.config._prepareconfig)[:2] == ["args", "plugins"]
    assert parameters(pytest.Config._do_configure) == ["self"]
    assert {"item", "nextitem", "log"} == set(parameters(_pytest.runner.runtestprotocol))
    with pytest.raises(ValueError) as caught:
        raise ValueError("no")
    assert caught.getrepr(style="native").reprcrash.message == "ValueError: no"


def test_one_module_knows_pytests_private_names() -> None:
    doors = re.compile(r"\b_pytest\b|runtestprotocol|_prepareconfig|_do_configure|reprcrash")
    package = Path(suite.__file__).parent.parent

    found = {path.relative_to(package).as_posix() for path in package.rglob("*.py")
             if doors.search(path.read_text(encoding="utf-8"))}  # fmt: skip

    assert found == {"suite/collect.py"}
