"""A notebook behind the wall."""

from __future__ import annotations

from typing import Any

from grader.errors import LearnerError
from grader.sandbox.limits import Limits
from grader.sandbox.sandbox import Sandbox
from grader.suite.notebook_run import NotebookRun
from grader.suite.standin import Stopped
from tests.kernel import probe
from tests.kernel.normal import normal
from tests.kernel.notebooks import Notebook

# Generous: what is compared is no limit. Of processes, root's cold sandboxes share one number.
LIMITS = Limits(cell_seconds=30, notebook_seconds=90, test_seconds=30, processes=1000)
PROBE = probe.source("names")


def run(sandbox: Sandbox, notebook: Notebook) -> dict[str, Any]:
    """Return what came of each cell, and what is defined after the last."""
    sources = [*notebook.cells, PROBE]
    run = NotebookRun(sandbox, LIMITS, (), list(enumerate(sources)))
    run.execute()
    try:
        *reports, last = (run.reports[number] for number in range(len(sources)))
        told: dict[str, Any] = {
            "cells": [[_error(each), normal(each.stdout)] for each in reports],
            "names": probe.told(normal(last.stdout, None)) or {},
        }
        if "answer" in told["names"]:
            told["answer"] = _answer(run)
        return told
    finally:
        run.close()


def _error(report: Any) -> str:
    if report.status not in ("ok", "error", "output"):
        return f"<{report.status}>"
    return str(report.error.partition(":")[0])


def _answer(run: NotebookRun) -> list[Any]:
    with run.submission() as submission:
        try:
            called = submission.call("answer")
        except LearnerError as error:
            return [error.class_name, ""]
        except Stopped as stopped:
            return [f"<{stopped.ended.ending}>", ""]
        except Exception as error:  # noqa: BLE001 - the learner's, raised again
            return [type(error).__name__, ""]
    return [probe.plain(called.value), normal(called.stdout[: probe.TEXT])]
