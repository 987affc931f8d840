"""The sandbox behaves as a kernel: what people do in notebooks ends in both alike."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from grader.sandbox.limits import STOPS, Limits
from grader.sandbox.sandbox import Sandbox
from grader.suite.notebook_run import NotebookRun
from grader.suite.verdict import verdict
from tests.kernel import matrix
from tests.kernel.differences import ALLOWED, KINDS, MOST
from tests.kernel.notebooks import corpus

NOTEBOOKS = corpus()


@pytest.fixture(scope="module")
def kernel() -> matrix.Told:
    """Return what a real kernel made of the notebooks; another Python than ours is asked now."""
    return matrix.kept() if matrix.KEPT.exists() else matrix.real_answers(NOTEBOOKS)


@pytest.fixture(scope="module")
def wall() -> matrix.Told:
    return matrix.walled_answers(NOTEBOOKS, "bubblewrap")


def test_there_are_many_notebooks_and_few_differences(kernel: matrix.Told) -> None:
    names = {each.name for each in NOTEBOOKS}

    assert len(names) >= 80
    assert kernel.keys() == names, "make kernel"
    assert len(ALLOWED) <= MOST
    assert ALLOWED.keys() <= names


@pytest.mark.sandbox
@pytest.mark.slow
@pytest.mark.parametrize("name", [each.name for each in NOTEBOOKS])
def test_a_notebook_ends_as_in_a_kernel(name: str, kernel: matrix.Told, wall: matrix.Told) -> None:
    found = list(matrix.differences(kernel[name], wall[name]))

    assert bool(found) == (name in ALLOWED), found


def test_instructors_can_read_which_differences_there_are(root: Path) -> None:
    page = (root / "course/instructors/what-learners-see.md").read_text(encoding="utf-8")
    listed = page.partition("Where it is no kernel")[2].partition("\n## ")[0]
    items = [" ".join(item.split()) for item in re.split(r"^- ", listed, flags=re.MULTILINE)[1:]]

    assert sorted(items) == sorted(reason for _, reason in ALLOWED.values())
    assert {kind for kind, _ in ALLOWED.values()} <= {*KINDS}


STOPPED = {
    "floods": ("for n in range(100_000): print(x, n)", "output"),
    "asks": ("return input(x)", "input"),
    "asks_for_a_secret": ("import getpass; return getpass.getpass(x)", "input"),
    "waits": ("breakpoint()", "breakpoint"),
    "debugs": ("import pdb; pdb.set_trace(); return x", "breakpoint"),
}


@pytest.mark.sandbox
@pytest.mark.parametrize("hidden", [True, False])
def test_what_stopped_a_call_is_named_and_nothing_of_its_input(
    sandbox: Sandbox, hidden: bool
) -> None:
    cell = "\n".join(f"def {name}(x):\n    {body}" for name, (body, _) in STOPPED.items())
    run = NotebookRun(sandbox, Limits(), (), [(0, cell)])
    run.execute()
    said = {}
    try:
        for name in STOPPED:
            with run.submission() as submission:
                try:
                    submission.call(name, "input-canary")
                except Exception as error:  # noqa: BLE001 - IPython's, raised again
                    said[name] = verdict(error, "", ran=False, hidden=hidden).detail
    finally:
        run.close()

    assert said == {name: f"Your code was stopped: {STOPS[w]}." for name, (_, w) in STOPPED.items()}


@pytest.mark.sandbox
def test_no_sentence_but_ours_is_said_of_what_stopped_a_call(sandbox: Sandbox) -> None:
    cell = """
def told(word):
    error = ValueError("own")
    error.stop = word
    raise error
"""
    run = NotebookRun(sandbox, Limits(), (), [(0, cell)])
    run.execute()
    try:
        for word in ("input-canary", ["input"], 3, "x" * 10**6):
            with run.submission() as submission, pytest.raises(ValueError, match="own") as raised:
                submission.told(word)
            said = verdict(raised.value, "", ran=False, hidden=True)
            assert said.detail == "Your code raised ValueError."
    finally:
        run.close()
