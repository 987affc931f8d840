"""Grade the capstone's worked examples, for the page that shows their scores.

`python -m tests.tools.capstone` prints SCORES, a table that is pasted into the source of the page;
tests/test_capstone.py compares the two.
"""

from __future__ import annotations

import ast
import importlib.util
import pprint
import tempfile
from pathlib import Path
from typing import Any

from grader.exercises import folder as exercise
from grader.exercises import notebook, variants
from grader.exercises.folder import version
from grader.grading.desk import Desk
from grader.grading.job import Job
from grader.grading.marking import cells_of, mark_submission
from grader.submissions import align as submission
from grader.submissions import upload
from grader.suite.notebook_run import NotebookRun

ROOT = Path(__file__).resolve().parents[2]
CAPSTONE = ROOT / "exercises" / "8-capstone" / "capstone"
PAGE = ROOT / "course" / "8-capstone" / "the-same-product-live.py"
EXAMPLES = {
    "plain": None,
    "by hand": "right/checks_by_hand.py",
    "one clock believed": "wrong/believes_the_label.py",
    "the quick one": "wrong/the_quick_one.py",
}


def shown() -> dict[str, dict[str, float]]:
    """Read the table SCORES from the page's source."""
    for node in ast.parse(PAGE.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "SCORES":
            table: dict[str, dict[str, float]] = ast.literal_eval(node.value)
            return table
    raise LookupError(f"{PAGE}: no table SCORES")


def scores() -> dict[str, dict[str, float]]:
    """Grade the worked examples; return points by task, and what they catch in the quarter."""
    spec = exercise.load(CAPSTONE)
    desk = Desk(ROOT, [spec], "bubblewrap")
    table: dict[str, dict[str, float]] = {}
    table["of"] = {task.name: task.points for task in spec.tasks if not task.manual}
    with tempfile.TemporaryDirectory() as folder, desk.sandbox:
        for number, (name, source) in enumerate(EXAMPLES.items()):
            table[name] = _example(spec, desk, Path(folder) / f"{number}.ipynb", source)
    return table


def _example(
    spec: exercise.Exercise, desk: Desk, path: Path, source: str | None
) -> dict[str, float]:
    text = (CAPSTONE / source).read_text(encoding="utf-8") if source else None
    answers = variants.variant(spec, text, str(source)) if text else None
    path.write_bytes(notebook.dumps(notebook.solve(spec, answers)))
    job = Job(spec, "author", path, "-", version(spec, ROOT))
    attempt = mark_submission(job, desk).attempt
    points = {task.task: float(task.points) for task in attempt.tasks if task.points is not None}
    return {k: round(v, 1) for k, v in points.items()} | _caught(spec, desk, path)


def _caught(spec: exercise.Exercise, desk: Desk, path: Path) -> dict[str, float]:
    """Return the share late among the flights texted in the hidden quarter, and the look-up's."""
    hidden = _hidden_tests()
    aligned = submission.align(upload.read(path), desk.released(spec), spec)
    run = NotebookRun(desk.sandbox, spec.limits, spec.data, cells_of(aligned.notebook))
    run.execute()
    try:
        with run.submission() as learner:
            return {key: round(value, 3) for key, value in hidden.measured(learner).items()}
    finally:
        run.close()


def _hidden_tests() -> Any:
    found = importlib.util.spec_from_file_location("capstone_hidden", CAPSTONE / "test_hidden.py")
    assert found is not None and found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


if __name__ == "__main__":
    pprint.pprint(scores(), sort_dicts=False, width=100)
