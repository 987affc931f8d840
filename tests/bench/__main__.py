"""`make bench`: this grader beside nbgrader and beside the floor, in one run on one machine.

The machine may be busy: only ratios of what was measured in the same run, in turns, mean anything.
Results go to build/bench/bench.json and build/bench/bench.svg, which the site's page on
performance shows once they are copied to course/assets (`--publish`).
"""

from __future__ import annotations

import csv
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from tests.bench import latency, scale, workload
from tests.bench.measure import Cost, cost

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
OUT = ROOT / "build" / "bench"
TIMES = 3  # how much larger the class is that tells what one more submission costs
PUBLISHED = ROOT / "course" / "assets"
# nbgrader calls alembic by its name.
os.environ["PATH"] = f"{BIN}{os.pathsep}{os.environ.get('PATH', os.defpath)}"


@click.command()
@click.option("--rounds", default=2, show_default=True, help="Turns of nbgrader, grader, floor.")
@click.option("--learners", default=40, show_default=True, help="Submissions in the class.")
@click.option("--scale/--no-scale", "with_scale", default=True, help="Also up to 10,000 stored.")
@click.option("--site/--no-site", "with_site", default=True, help="Also the site's builds.")
@click.option("--publish", is_flag=True, help="Put the results on the site's performance page.")
def main(rounds: int, learners: int, with_scale: bool, with_site: bool, publish: bool) -> None:
    """Measure, print, and write build/bench/bench.json and bench.svg.

    Example: make bench
    """
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir(parents=True)
    people = list(workload.learners(learners))
    ours, theirs = OUT / "grader", OUT / "nbgrader"
    prepare(ours, theirs, people)
    many = OUT / "many"
    workload.for_grader(many, list(workload.learners(TIMES * learners)))
    costs: dict[str, list[Cost]] = {}
    for number in range(1, rounds + 1):
        for tool, measured in turn(ours, many, theirs, people):
            costs.setdefault(tool, []).append(measured)
            each = submissions(tool, learners)
            click.echo(
                f"round {number}  {tool:<24} {measured.cpu / each:7.3f} CPU s, "
                f"{measured.wall / each:7.3f} s by the clock each"
            )
    result = summary(costs, learners)
    if with_scale:
        result |= scale.measure(OUT / "scale", click.echo)
    if with_site:
        result |= site()
    result |= latency.measure(ROOT, OUT / "watched")
    result |= checks()
    write(result)
    if publish:
        for name in ("bench.json", "bench.svg"):
            shutil.copy(OUT / name, PUBLISHED / name)
    for name, value in result.items():
        click.echo(f"{name:<36} {json.dumps(value)}")


def prepare(ours: Path, theirs: Path, people: list[workload.Learner]) -> None:
    """Write both courses; generate nbgrader's release."""
    workload.for_grader(ours, people)
    workload.for_nbgrader(theirs)
    run("nbgrader", "generate_assignment", workload.ASSIGNMENT, cwd=theirs)
    workload.hand_in_to_nbgrader(theirs, people)


def turn(
    ours: Path, many: Path, theirs: Path, people: list[workload.Learner]
) -> Iterator[tuple[str, Cost]]:
    """Grade the class with every tool once, from the beginning, and compare the points."""
    due = {person.name: person.points for person in people}
    fresh(ours)
    yield "grader, 1 worker", grade(ours, "--workers", "1")
    check("grader", points(["grader", "export", "--to", "marks.csv"], ours, "marks.csv"), due)
    fresh(ours)
    yield "grader, 2 workers", grade(ours, "--workers", "2")
    for workers, name in (("1", "1 worker"), ("2", "2 workers")):
        fresh(many)
        yield f"grader, {name}, {TIMES} times as many", grade(many, "--workers", workers)
    fresh(ours, keep_one=True)
    yield "grader, one submission", grade(ours)
    restore(ours)
    (theirs / "gradebook.db").unlink()
    shutil.rmtree(theirs / "autograded", ignore_errors=True)
    run("nbgrader", "generate_assignment", workload.ASSIGNMENT, "--force", cwd=theirs)
    yield "nbgrader", nbgrader(theirs)
    check("nbgrader", points(["nbgrader", "export"], theirs, "grades.csv"), due)
    shutil.rmtree(theirs / "autograded")
    yield "nbgrader, one submission", nbgrader(theirs, "--student", people[0].name)
    told = json.loads(run(sys.executable, "-m", "tests.bench.floor", ours, cwd=ROOT))
    for floor, measured in told.items():
        check(floor, measured["points"], due)
        yield floor, Cost(measured["wall"], measured["cpu"], 0.0)


def grade(course: Path, *flags: str) -> Cost:
    """Measure `grader grade`."""
    return cost([str(BIN / "grader"), "grade", "--course", str(course), *flags], ROOT)


def nbgrader(course: Path, *flags: str) -> Cost:
    """Measure `nbgrader autograde`."""
    command = [str(BIN / "nbgrader"), "autograde", workload.ASSIGNMENT, "--force", *flags]
    return cost(command, course)


def fresh(course: Path, *, keep_one: bool = False) -> None:
    """Forget what was graded; with `keep_one` set all but one submission aside."""
    for name in ("feedback", "autograded"):
        shutil.rmtree(course / name, ignore_errors=True)
    (course / "gradebook.db").unlink(missing_ok=True)
    if keep_one:
        (course / "submitted").rename(course / "aside")
        first = sorted((course / "aside").iterdir())[0]
        shutil.copytree(first, course / "submitted" / first.name)


def restore(course: Path) -> None:
    """Put all submissions back."""
    shutil.rmtree(course / "submitted")
    (course / "aside").rename(course / "submitted")


def points(command: list[str], course: Path, table: str) -> dict[str, float]:
    """Export the marks and read them."""
    run(*command, cwd=course)
    with (course / table).open(newline="") as file:
        return {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}


def check(tool: str, got: dict[str, float], due: dict[str, int]) -> None:
    """Refuse to compare tools that judge differently."""
    other = {name: (got.get(name), due[name]) for name in due if got.get(name) != due[name]}
    if other:
        raise SystemExit(f"{tool} awards other points than stated (got, due): {other}")


def run(program: str, *arguments: object, cwd: Path) -> str:
    """Run a command that is not measured; return its output."""
    path = program if Path(program).is_absolute() else str(BIN / program)
    done = subprocess.run(
        [path, *map(str, arguments)], cwd=cwd, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"{program} {arguments[0]} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


def submissions(tool: str, learners: int) -> int:
    """Return how many submissions a row of the table is about."""
    if "one submission" in tool:
        return 1
    return TIMES * learners if "times as many" in tool else learners


def summary(costs: dict[str, list[Cost]], learners: int) -> dict[str, Any]:
    """Turn the measurements of all rounds into figures: medians, and ratios within the run."""

    def median(tool: str, what: str) -> float:
        return statistics.median(getattr(measured, what) for measured in costs[tool])

    each = {tool: submissions(tool, learners) for tool in costs}
    cpu = {tool: round(median(tool, "cpu") / each[tool], 4) for tool in costs}
    wall = {tool: round(median(tool, "wall") / each[tool], 4) for tool in costs}
    many = f"grader, {{}}, {TIMES} times as many"
    # What is the same for both classes is start-up, and falls out of the difference.
    more = median(many.format("1 worker"), "cpu") - median("grader, 1 worker", "cpu")
    tests = len(list(workload.tests()))
    marginal = more / (learners * (TIMES - 1))
    return {
        "machine": machine(),
        "learners": learners,
        "rounds": len(costs["floor"]),
        "cpu_per_submission": cpu,
        "wall_per_submission": wall,
        "cpu_ratio_to_nbgrader": round(cpu["nbgrader"] / cpu["grader, 1 worker"], 2),
        "cpu_ratio_to_floor": round(cpu["grader, 1 worker"] / cpu["floor"], 2),
        "cpu_ratio_to_floor_with_forks": round(
            cpu["grader, 1 worker"] / cpu["floor with forks"], 2
        ),
        "cpu_of_a_fork": round((cpu["floor with forks"] - cpu["floor"]) / (1 + tests), 4),
        "cpu_of_one_more": round(marginal, 4),
        "cpu_of_one_more_ratio_to_floor": round(marginal / cpu["floor"], 2),
        "wall_ratio_to_nbgrader_two_workers": round(
            wall["nbgrader"] / wall["grader, 2 workers"], 2
        ),
        f"wall_ratio_to_nbgrader_two_workers_{TIMES}_times": round(
            wall["nbgrader"] / wall[many.format("2 workers")], 2
        ),
        "wall_ratio_to_nbgrader_one_submission": round(
            wall["nbgrader, one submission"] / wall["grader, one submission"], 2
        ),
        "peak_memory_mb": {
            tool: round(median(tool, "memory_mb")) for tool in costs if "floor" not in tool
        },
    }


def machine() -> dict[str, Any]:
    """Say where and when this was measured."""
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "cores": len(os.sched_getaffinity(0)),
        "load_before": round(os.getloadavg()[1], 1),
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
    }


def checks() -> dict[str, Any]:
    """Measure how long `check` takes in a warm kernel, exercise by exercise."""
    found = json.loads(run(sys.executable, "-m", "tests.bench.answers", cwd=ROOT))
    return {"check_slowest_s": max(found.values()), "check_s": found}


def site() -> dict[str, Any]:
    """Measure the site's builds: all lessons executed, none, and one after an edit."""
    folder = OUT / "checkout"
    shutil.copytree(
        ROOT, folder,
        ignore=shutil.ignore_patterns(".git", ".venv", ".cache", "build", "__pycache__"),
    )  # fmt: skip
    command = [sys.executable, "-m", "mkdocs", "build", "--strict"]
    full, cached = cost(command, folder), cost(command, folder)
    lesson = next(iter(sorted(folder.glob("course/[0-9]*/*.py"))))
    lesson.write_text(lesson.read_text() + "\n\n# %%\nassert True\n")
    edited = cost(command, folder)
    named = {"all executed": full, "cached": cached, "one lesson edited": edited}
    return {"site_build_s": {name: round(measured.wall, 2) for name, measured in named.items()}}


def write(result: dict[str, Any]) -> None:
    """Write the figures and their plot."""
    import matplotlib as mpl

    mpl.use("svg")
    import matplotlib.pyplot as plt

    (OUT / "bench.json").write_text(json.dumps(result, indent=1) + "\n")
    tools = ["nbgrader", "grader, 1 worker", "floor with forks", "floor"]
    seconds = [result["cpu_per_submission"][tool] for tool in tools]
    mpl.rcParams["svg.hashsalt"] = "bench"
    figure, axes = plt.subplots(figsize=(7, 2.8), layout="constrained")
    bars = axes.barh(tools, seconds, color=["0.6", "C0", "0.8", "0.8"])
    axes.bar_label(bars, [f"{value:.2f} s" for value in seconds], padding=4)
    axes.invert_yaxis()
    axes.set_xlabel("processor seconds a submission")
    axes.spines[["top", "right"]].set_visible(False)
    axes.margins(x=0.12)
    figure.savefig(OUT / "bench.svg", metadata={"Date": None})


if __name__ == "__main__":
    main()
