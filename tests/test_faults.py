"""Faults of ours: no score is lost, none is wrong, and the same command goes on from there.

Every fault is a real one, done to the real command: programs that are missing, processes that are
killed, a database that is locked, a disk that is full. Nothing here waits for a time: each fault
happens when the state that it needs has been seen.
"""

from __future__ import annotations

import ast
import contextlib
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import pytest

import grader
from grader.book import records
from grader.exercises import folder as exercise
from grader.exercises import notebook, source
from tests.builders import an_attempt, one, record
from tests.commands import listen_to_ctrl_c

pytestmark = [pytest.mark.sandbox, pytest.mark.slow]

GRADER = Path(sys.executable).parent / "grader"
SLUG, ASSIGNMENT = "doubled_value", "0-start"
LIMITS = "\n[limits]\ncell_seconds = 2\ntest_seconds = 30\n"
# It names its process, so that it can be seen from outside when it runs.
ENDLESS = """
import ctypes, time
ctypes.CDLL(None).prctl(15, b"endless")
while True:
    time.sleep(0.1)
"""
# In the order of grading. The endless cell costs itself and no point: the answer behind it counts.
EARNED = {"ann": 1.0, "ben": 0.0, "cat-endless": 1.0, "dan": 1.0}
HANG_SECONDS = 600


class Course:
    """A course on disk with four submissions, and what its gradebook holds."""

    def __init__(self, folder: Path, seen: Path | None = None) -> None:
        self.folder = folder
        self.seen = seen or folder  # the same place, where a mount hides it from us
        self.enter: list[str] = []

    def command(self, *more: str) -> list[str]:
        return [*self.enter, str(GRADER), "grade", "--course", str(self.folder), *more]

    def grade(self, *more: str, **env: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.command("--workers", "1", *more), env={**os.environ, "COLUMNS": "200", **env},
            capture_output=True, text=True, check=False, timeout=HANG_SECONDS,
        )  # fmt: skip

    @contextlib.contextmanager
    def grading(self, *more: str) -> Iterator[subprocess.Popen[str]]:
        """Start grading, as the leader of a process group, as a shell does."""
        process = subprocess.Popen(
            self.command("--workers", "1", *more), start_new_session=True, text=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, preexec_fn=listen_to_ctrl_c,
        )  # fmt: skip
        try:
            yield process
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            assert process.stderr is not None
            process.stderr.close()

    def query(self, sql: str) -> list[tuple]:
        database = self.seen / "gradebook.db"
        if not database.exists() or not database.stat().st_size:
            return []
        with contextlib.closing(self._opened(database)) as opened:
            try:
                return opened.execute(sql).fetchall()
            except sqlite3.OperationalError as error:
                assert "no such table" in str(error) or "locked" in str(error)
                return []

    def _opened(self, database: Path) -> sqlite3.Connection:
        if not self.enter:
            return sqlite3.connect(f"file:{database}?mode=ro", uri=True)
        opened = sqlite3.connect(":memory:")  # SQLite finds no way into another mount namespace
        opened.deserialize(database.read_bytes())
        return opened

    def recorded(self) -> dict[str, float]:
        """Return the scores on record by learner; a second record of one learner is an error."""
        rows = self.query("SELECT learner, score, run FROM grader_attempt")
        assert len({learner for learner, _, _ in rows}) == len(rows)
        assert all(run == 1 for _, _, run in rows)
        return {learner: float(Fraction(score)) for learner, score, _ in rows}

    def ending(self, learner: str) -> tuple[str, str]:
        """Return how the run of a learner's submission ended, and what is said of it."""
        [(told,)] = self.query(f"SELECT attempt FROM grader_attempt WHERE learner = '{learner}'")
        attempt = json.loads(told)
        return attempt["ending"], attempt["note"]

    def projected(self) -> dict[str, float]:
        """Return the scores in nbgrader's tables by learner."""
        rows = self.query(
            "SELECT sa.student_id, g.auto_score FROM grade g "
            "JOIN submitted_notebook sn ON sn.id = g.notebook_id "
            "JOIN submitted_assignment sa ON sa.id = sn.assignment_id"
        )
        assert len(rows) == len(dict(rows))
        return dict(rows)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("template")
    made = one(root, ASSIGNMENT, SLUG)
    spec = made.folder / "exercise.toml"
    spec.write_text(spec.read_text() + LIMITS)
    made = exercise.load(made.folder)
    for learner in EARNED:
        solved = notebook.solve(made, source.stubs(made) if learner == "ben" else None)
        if "endless" in learner:
            solved.cells.insert(1, notebook.node(own_cell(ENDLESS)))
        folder = root / "submitted" / learner / ASSIGNMENT
        folder.mkdir(parents=True)
        (folder / f"{SLUG}.ipynb").write_bytes(notebook.dumps(solved))
    return root


def own_cell(source: str) -> dict:
    empty = {"metadata": {}, "outputs": [], "execution_count": None}
    return {"cell_type": "code", "id": "own", "source": source, **empty}


@pytest.fixture
def course(template: Path, tmp_path: Path) -> Course:
    shutil.copytree(template, tmp_path / "course")
    return Course(tmp_path / "course")


def until(state: Callable[[], object]) -> None:
    """Wait for a state of the world; one that never comes is a failure."""
    deadline = time.monotonic() + HANG_SECONDS
    while not state():
        assert time.monotonic() < deadline, "the state that this test waits for never came"
        time.sleep(0.02)


def assert_nothing_wrong(course: Course) -> None:
    """What is on record so far is right; what is not there is pending and no zero."""
    assert course.recorded().items() <= EARNED.items()
    known = {learner: score for learner, score in course.projected().items() if score is not None}
    assert known.items() <= EARNED.items()
    assert not [*course.seen.rglob(".*.[0-9]*")], "half-written files are left"


def assert_the_same_command_completes_it(course: Course) -> None:
    before = course.query("SELECT id, learner FROM grader_attempt")

    again = course.grade()

    assert again.returncode == 0, again.stderr
    assert course.recorded() == course.projected() == EARNED
    assert set(before) <= set(course.query("SELECT id, learner FROM grader_attempt"))
    assert f"{len(before)} unchanged" in again.stdout
    for learner in EARNED:
        assert (course.seen / "feedback" / learner / ASSIGNMENT / f"{SLUG}.html").is_file()
    assert all(learner in (course.seen / "feedback/index.html").read_text() for learner in EARNED)


def one_sentence(stderr: str) -> str:
    """Return what was said about the fault: a single line, and no traceback."""
    lines = [line for line in stderr.splitlines() if line.startswith("Error: ")]
    assert "Traceback" not in stderr, stderr
    assert len(lines) == 1, stderr
    return lines[0]


# ---------------------------------------------------------------- processes


def children(pid: int) -> list[int]:
    with contextlib.suppress(OSError):
        return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


def name(pid: int) -> str:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/comm").read_text().strip()
    return ""


def runs(pid: int) -> bool:
    """Whether a process has not ended; whether anybody collected its exit status is init's affair.

    Where the first process is no init, as in many containers, orphans stay as zombies.
    """
    with contextlib.suppress(OSError):
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        return state not in "ZX"
    return False


def chain(coordinator: int) -> dict[str, int]:
    """Name the processes from the command to a submission: each is the only child of the last."""
    for pool in children(coordinator):
        for bwrap in children(pool):
            if name(bwrap) == "bwrap":
                names = ("bwrap-inside", "warm", "checkpoint")
                found, last = {"pool": pool, "bwrap": bwrap}, bwrap
                for one_ in names:
                    last = next(iter(children(last)), 0)
                    found[one_] = last
                return found
    return {}


def in_the_endless_cell(course: Course, coordinator: int) -> dict[str, int]:
    """Wait until two submissions are on record and the third, which does not end, runs."""
    until(lambda: is_endless(chain(coordinator)))
    assert len(pages(course)) == 2
    return chain(coordinator)


def is_endless(found: dict[str, int]) -> bool:
    return name(found.get("checkpoint", 0)) == "endless"


def pages(course: Course) -> list[Path]:
    return [*(course.seen / "feedback").glob(f"*/*/{SLUG}.html")]


@pytest.mark.parametrize("victim", ["bwrap", "bwrap-inside", "warm"])
def test_a_killed_sandbox_costs_nobody_a_score(course: Course, victim: str) -> None:
    with course.grading() as process:
        os.kill(in_the_endless_cell(course, process.pid)[victim], signal.SIGKILL)
        _, stderr = process.communicate(timeout=HANG_SECONDS)

    assert (process.returncode, "Traceback" in stderr) == (0, False), stderr
    assert_nothing_wrong(course)
    assert course.recorded() == EARNED
    assert course.ending("cat-endless") == ("timeout", "cell 2: it took longer than 2 seconds")


def test_a_sandbox_that_ends_each_time_is_what_its_submission_did(course: Course) -> None:
    killed, stderr = killed_each_time(course, "warm")

    assert len(killed) == 2
    assert stderr == ""
    assert course.recorded() == EARNED  # what did not need that cell was tested in another one
    ending, note = course.ending("cat-endless")
    assert (ending, note) == ("crashed", "the sandbox ended while it was graded, each time")
    assert_the_same_command_completes_it(course)


def test_a_killed_process_of_the_pool_costs_nobody_a_score(course: Course) -> None:
    with course.grading() as process:
        os.kill(in_the_endless_cell(course, process.pid)["pool"], signal.SIGKILL)
        _, stderr = process.communicate(timeout=HANG_SECONDS)

    assert (process.returncode, "Traceback" in stderr) == (0, False), stderr
    assert_nothing_wrong(course)
    assert course.recorded() == EARNED


def test_a_submission_that_kills_its_process_each_time_is_stopped_and_takes_no_other_along(
    course: Course,
) -> None:
    killed, stderr = killed_each_time(course, "pool")

    assert len(killed) == 2
    assert stderr == ""
    # Pending, it would cost each command as long, and whoever hands it in would never have a mark.
    assert course.recorded() == course.projected() == {**EARNED, "cat-endless": 0}
    ending, note = course.ending("cat-endless")
    assert (ending, note) == ("crashed", "running its cells ended the process that graded it")
    assert (
        note[1:] in (course.folder / f"feedback/cat-endless/{ASSIGNMENT}/{SLUG}.html").read_text()
    )
    assert "4 unchanged" in course.grade().stdout


def killed_each_time(course: Course, victim: str) -> tuple[set[int], str]:
    """Grade, and kill a process whenever it comes to the endless cell; return which, and stderr."""
    killed = set[int]()
    with course.grading() as process:
        while process.poll() is None:
            found = chain(process.pid)
            if is_endless(found) and found[victim] not in killed:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(found[victim], signal.SIGKILL)
                killed.add(found[victim])
            time.sleep(0.02)
        _, stderr = process.communicate(timeout=HANG_SECONDS)
    assert process.returncode == 0
    return killed, stderr


def test_what_is_finished_is_stored_while_another_hangs(course: Course) -> None:
    with course.grading() as process:
        found = in_the_endless_cell(course, process.pid)
        os.kill(found["pool"], signal.SIGSTOP)

        until(lambda: course.recorded().keys() == {"ann", "ben"})  # and nothing else comes

        os.kill(found["pool"], signal.SIGCONT)
        _, stderr = process.communicate(timeout=HANG_SECONDS)

    assert (process.returncode, stderr) == (0, "")
    assert course.recorded() == EARNED


def test_a_missing_sandbox_is_refused_before_anything_runs(course: Course, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()

    refused = course.grade(PATH=str(tmp_path / "empty"))

    assert refused.returncode == 2
    assert "bubblewrap (bwrap) is not installed" in one_sentence(refused.stderr)
    assert not (course.folder / "gradebook.db").exists()
    assert pages(course) == []
    assert_the_same_command_completes_it(course)


@pytest.mark.parametrize("to", ["the command", "its group, as a terminal does"])
def test_ctrl_c_stops_with_a_sentence_and_goes_on_later(course: Course, to: str) -> None:
    with course.grading() as process:
        in_the_endless_cell(course, process.pid)
        send = os.kill if to == "the command" else os.killpg
        send(process.pid, signal.SIGINT)
        _, stderr = process.communicate(timeout=HANG_SECONDS)

    assert process.returncode == 130
    assert "Stopped. What was finished is stored" in stderr
    assert "Traceback" not in stderr
    assert {"ann", "ben"} <= course.recorded().keys()
    assert_nothing_wrong(course)
    assert_the_same_command_completes_it(course)


def test_a_killed_command_leaves_no_process_and_nothing_to_repair(course: Course) -> None:
    with course.grading() as process:
        found = in_the_endless_cell(course, process.pid)
        until(lambda: course.recorded())
        process.kill()
        process.wait()

    until(lambda: not any(map(runs, found.values())))
    assert_nothing_wrong(course)
    assert course.recorded().keys() >= {"ann"}
    assert_the_same_command_completes_it(course)


# ---------------------------------------------------------------- gradebook and files


def test_a_gradebook_locked_from_the_start_is_named(course: Course) -> None:
    database = course.folder / "gradebook.db"
    with contextlib.closing(sqlite3.connect(database, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        ended = course.grade("--gradebook", f"sqlite:///{database}?timeout=1")

    assert ended.returncode == 2
    assert "is locked by another program" in one_sentence(ended.stderr)
    assert_nothing_wrong(course)


def test_a_gradebook_locked_in_mid_batch_loses_nothing(course: Course) -> None:
    database = course.folder / "gradebook.db"
    with course.grading("--gradebook", f"sqlite:///{database}?timeout=1") as process:
        until(lambda: course.recorded())
        with contextlib.closing(
            sqlite3.connect(database, timeout=60, isolation_level=None)
        ) as other:
            other.execute("BEGIN IMMEDIATE")
            _, stderr = process.communicate(timeout=HANG_SECONDS)

    assert process.returncode == 2
    assert "is locked by another program" in one_sentence(stderr)
    assert_nothing_wrong(course)
    assert 1 <= len(course.recorded()) < len(EARNED)
    assert_the_same_command_completes_it(course)


@contextlib.contextmanager
def mounted(course: Course, script: str) -> Iterator[None]:
    """Run the commands in a mount namespace of their own, in which `script` has changed `$1`."""
    root = os.geteuid() == 0
    own = [] if root else ["--user", "--map-current-user", "--keep-caps"]
    arguments = ["sh", "-ec", f"{script}\necho ready; exec cat", "sh", str(course.folder)]
    holder = subprocess.Popen(
        ["unshare", "--mount", "--propagation", "private", *own, *arguments],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert holder.stdin and holder.stdout
    try:
        assert holder.stdout.readline() == "ready\n"
        spaces = [f"--mount=/proc/{holder.pid}/ns/mnt"]
        spaces += [] if root else [f"--user=/proc/{holder.pid}/ns/user", "--preserve-credentials"]
        course.enter = ["nsenter", *spaces]
        course.seen = Path(f"/proc/{holder.pid}/root{course.folder}")
        yield
    finally:
        holder.stdin.close()
        holder.wait()
        holder.stdout.close()


SMALL_DISK = 'cp -a "$1" "$1.copy"; mount -t tmpfs -o size=4m tmpfs "$1"; cp -a "$1.copy/." "$1"'


@pytest.mark.parametrize("free_kb", [0, 100, 230])
def test_a_full_disk_is_named_and_nothing_half_written_stays(course: Course, free_kb: int) -> None:
    # Nothing fits; or not even an empty gradebook; or the gradebook, but not all that follows.
    with mounted(course, SMALL_DISK):
        ballast = course.seen / "ballast"
        fill(ballast, free_kb)
        ended = course.grade()

        assert ended.returncode == 2, (ended.stdout, ended.stderr)
        assert "Traceback" not in ended.stderr, ended.stderr
        assert "No space left on device" in ended.stderr or "disk is full" in ended.stderr
        assert_nothing_wrong(course)

        ballast.unlink()
        assert_the_same_command_completes_it(course)


def fill(ballast: Path, free_kb: int) -> None:
    with ballast.open("wb", buffering=0) as file:
        with contextlib.suppress(OSError):
            while True:
                file.write(b"\0" * 4096)
        file.truncate(max(0, file.tell() - free_kb * 1024))


READ_ONLY = 'mkdir -p "$1/{0}"; mount --bind "$1/{0}" "$1/{0}"; mount -o remount,bind,ro "$1/{0}"'


@pytest.mark.parametrize("folder", ["feedback", "autograded", "."])
def test_a_folder_that_may_not_be_written_to_is_named(course: Course, folder: str) -> None:
    with mounted(course, READ_ONLY.format(folder)):
        ended = course.grade()

        assert ended.returncode == 2, (ended.stdout, ended.stderr)
        said = one_sentence(ended.stderr)
        assert "Read-only file system" in said or "may you write there?" in said, said
        assert course.recorded() == {}
        assert_nothing_wrong(course)

    course.enter, course.seen = [], course.folder
    assert_the_same_command_completes_it(course)


# ---------------------------------------------------------------- the clock


def test_no_limit_is_measured_by_a_clock_that_can_be_set() -> None:
    used: dict[str, set[str]] = {}
    for path in sorted(Path(grader.__file__).parent.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                used.setdefault(f"{node.value.id}.{node.attr}", set()).add(path.stem)

    assert used["time.monotonic"] >= {"channel", "run", "notebook_run"}
    settable = {"time.time", "time.time_ns", "datetime.utcnow", "datetime.today", "date.today"}
    assert settable & used.keys() == set()
    # When an attempt began, and the name of a copy: told, and never compared.
    assert used["datetime.now"] == {"marking", "tables"}


def test_with_a_clock_that_went_backwards_the_latest_attempt_still_counts(tmp_path: Path) -> None:
    noon = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
    first = an_attempt(points=Fraction(0), started=noon)
    second = an_attempt(
        points=Fraction(1), started=noon - timedelta(days=400), submission_sha256="d" * 64
    )

    with records.open(f"sqlite:///{tmp_path / 'gradebook.db'}") as book:
        assert record(book, [first]) == record(book, [second]) == 1
        latest = list(book.latest())

    assert [attempt.score for attempt in latest] == [1]
    assert latest == [second]
