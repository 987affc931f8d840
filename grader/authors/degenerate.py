"""Answers that say nothing: the same value whatever is asked, as None, NaN or an empty table.

Such an answer is made from the reference, so that every name that the tests ask for is there. In a
class the constructor stays, and methods that return the object itself do nothing else, so that
`Model(…).fit(…).predict(…)` comes to its end, and there is the value.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from contextlib import closing, nullcontext, suppress
from dataclasses import replace

from grader.exercises import notebook, source
from grader.exercises.folder import Exercise
from grader.grading.desk import Desk
from grader.grading.marking import cells_of
from grader.score.attempt import TestResult
from grader.suite.notebook_run import NotebookRun
from grader.suite.run import Suite
from grader.suite.standin import Stopped, ended

INPUT = "the first argument"
VALUES = {
    "None": "None",
    "NaN": "float('nan')",
    "0": "0",
    "True": "True",
    "False": "False",
    "an empty text": "''",
    "an empty list": "[]",
    "an empty dict": "{}",
    "an empty array": "__import__('numpy').array([])",
    "an empty table": "__import__('pandas').DataFrame()",
    "an object": "object()",
    INPUT: "next(iter(given), None)",
}
# One notebook serves for all values: what its later cells were given (`model = train(flights)`) is
# `nothing` first, and then the value that a test is tried with.
_CHOICE = """
nothing, made_of_nothing = object(), set()

def value_of(*given):
    return nothing

def answer_with(number):
    global value_of
    made_of_nothing.update(name for name, held in globals().items() if held is nothing)
    value_of = [{values}][number]
    globals().update({{name: value_of() for name in made_of_nothing - {{"nothing"}}}})
"""
_Function = ast.FunctionDef | ast.AsyncFunctionDef


def earned(exercise: Exercise, desk: Desk) -> dict[str, str]:
    """Hand in every value as every task; tell which tests each passes, and for how many points."""
    points: dict[str, str] = {}
    for task, reference in source.references(exercise).items():
        if not exercise.task(task).manual:
            points |= _earned(exercise, desk, task, answer(reference))
    return points


def _earned(exercise: Exercise, desk: Desk, task: str, text: str) -> dict[str, str]:
    suite, cells = desk.suite(exercise), cells_of(notebook.solve(exercise, {task: text}))
    tests = [test for test in suite.tests if test.task == task]
    share = exercise.task(task).points / sum(test.weight for test in tests)
    seconds = exercise.limits.test_seconds * len(VALUES)  # they have one test's together
    limits = replace(exercise.limits, test_seconds=seconds)
    with closing(NotebookRun(desk.sandbox, limits, exercise.data, cells)) as run:
        run.execute()
        return {
            f"{task}: {value} passes {test.name}": f"{share * float(result.earned):.2g} points"
            for test in tests
            for value, result in _tried(run, suite, test)
            if result.earned
        }


def _tried(run: NotebookRun, suite: Suite, test: TestResult) -> Iterator[tuple[str, TestResult]]:
    """Run a test with each value, in one fork of the notebook's end or, if that ends, in more."""
    left = list(enumerate(VALUES))
    while left:
        with run.submission() as submission:
            while left:
                number, value = left.pop(0)
                with suppress(Stopped):
                    submission.answer_with(number)
                for result in suite.run(lambda *_, **__: nullcontext(submission), [test]):
                    yield value, result
                if ended(submission):
                    break


def answer(reference: str) -> str:
    """Make an answer that says nothing; `answer_with(number)` in it chooses one of `VALUES`.

    Where the reference defines no function and no class, the names that it binds are the value.
    """
    tree = ast.parse(reference)
    defined = [node for node in tree.body if isinstance(node, _Function | ast.ClassDef)]
    for node in defined or tree.body:
        _empty(node)
    values = ", ".join(f"lambda *given: {value}" for value in VALUES.values())
    emptied = ast.unparse(ast.fix_missing_locations(tree))
    return f"{_CHOICE.format(values=values)}\n{emptied}"


def _empty(node: ast.stmt) -> None:
    if isinstance(node, ast.ClassDef):
        for method in node.body:
            if isinstance(method, _Function) and method.name != "__init__":
                _empty_method(method)
    elif isinstance(node, _Function):
        _replace(node, "value_of(*args, *kwargs.values())")
    elif isinstance(node, ast.Assign | ast.AnnAssign):
        node.value = ast.parse("nothing", mode="eval").body


def _empty_method(method: _Function) -> None:
    returned = [node for node in ast.walk(method) if isinstance(node, ast.Return)]
    own = method.args.args[0].arg if method.args.args else ""
    if returned and all(isinstance(r.value, ast.Name) and r.value.id == own for r in returned):
        method.body = [returned[0]]
    else:
        _replace(method, "value_of(*args[1:], *kwargs.values())")


def _replace(function: _Function, value: str) -> None:
    emptied = ast.parse(f"def f(*args, **kwargs): return {value}").body[0]
    assert isinstance(emptied, ast.FunctionDef)  # noqa: S101 - the line above
    function.args, function.body, function.returns = emptied.args, emptied.body, None
