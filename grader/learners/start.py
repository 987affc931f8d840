"""An exercise as a notebook in the learner's folder, opened in JupyterLab."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from grader import files as writing
from grader.errors import DISTRIBUTION
from grader.exercises import folder as exercises
from grader.exercises import release

JUPYTER = Path(__file__).with_name("jupyter") / "learner"


def _say(text: str) -> None:
    print(text, file=sys.stderr)


def start(course: Path, slug: str, into: Path | None = None) -> Path:
    """Write an exercise's notebook, visible tests and data to a folder; return the notebook.

    A notebook that is there already is the learner's and stays as it is, and that is said.
    """
    exercise = exercises.find(course, slug)
    folder = into or course / "work" / exercise.assignment
    path = folder / f"{exercise.slug}.ipynb"
    files = release.files(exercise) | release.data_files(exercise, course)
    if path.exists():
        _say(f"{path} is there already: it was left as it is. Move it away to start anew.")
        del files[path.name]
    for name, content in files.items():
        writing.write(folder / name, content)
    return path


def open_in_jupyterlab(notebook: Path) -> int:
    """Open a notebook as a learner needs it, without nbgrader's panels for those who teach.

    Returns the exit code. The person's own configuration of Jupyter is read and left alone. Where
    there is no JupyterLab it says what else to do, which is no failure.
    """
    if find_spec("jupyterlab") is None:
        lab = f"pip install '{DISTRIBUTION}[learn-lab]'"
        _say(f"JupyterLab is not installed: open the notebook in your own editor, or run {lab}")
        return 0
    own = os.environ.get("JUPYTER_CONFIG_PATH")
    paths = os.pathsep.join([str(JUPYTER), *([own] if own else [])])
    command = [sys.executable, "-m", "jupyterlab", notebook.name]
    environment = {**os.environ, "JUPYTER_CONFIG_PATH": paths}
    return subprocess.run(command, cwd=notebook.parent, env=environment, check=False).returncode  # noqa: S603
