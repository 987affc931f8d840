"""`make demo`: verify, release, hand in, grade, build the site; then say where to look."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from tests.tools import sample_class

ROOT = Path(__file__).resolve().parents[2]
COURSE = Path("build/demo")
FEEDBACK = COURSE / "feedback"


def main() -> None:
    """Run the whole product once, through the commands that people use."""
    begin = time.monotonic()
    step("Verifying two modules of exercises: are their tests any good?")
    for module in sample_class.MODULES:
        run("grader", "verify", "--no-mutants", module)
    step("Making a class: honest, mistaken, unlucky and hostile submissions")
    handed = sample_class.make(ROOT, ROOT / COURSE)
    learners = len({one.learner for one in handed})
    print(f"{len(handed)} submissions by {learners} learners in {COURSE}/submitted")
    step("Releasing what learners receive")
    run("grader", "release", "--course", str(COURSE))
    step("Grading behind the wall")
    # Exit code 1 is right here: one submission cannot be read, and grade says so.
    run("grader", "grade", "--course", str(COURSE), expected=(0, 1))
    run("grader", "export", "--course", str(COURSE), "--to", str(COURSE / "marks.csv"))
    step("Building the course site")
    run("mkdocs", "build", "--strict")
    step(f"Done in {time.monotonic() - begin:.0f} s. Now look at")
    for what, path in PLACES.items():
        print(f"  {what:<32}{path}")


PLACES = {
    "the course site": "build/site/index.html   (or: make serve)",
    "the class at a glance": f"{FEEDBACK}/index.html",
    "a damaged notebook, repaired": f"{FEEDBACK}/trouble-no-metadata/0-start/late_share.html",
    "a hostile one": f"{FEEDBACK}/trouble-snoop/0-start/late_share.html",
    "the marks": f"{COURSE}/marks.csv",
    "nbgrader's own view": f"cd {COURSE} && ../../.venv/bin/nbgrader export",
}


def step(title: str) -> None:
    """Print a heading."""
    print(f"\n== {title}", flush=True)


def run(*command: str, expected: tuple[int, ...] = (0,)) -> None:
    """Run one command of the environment; stop the demo when it fails."""
    program = Path(sys.executable).parent / command[0]
    code = subprocess.run([program, *command[1:]], cwd=ROOT, check=False).returncode
    if code not in expected:
        sys.exit(f"`{' '.join(command)}` ended with exit code {code}.")


if __name__ == "__main__":
    main()
