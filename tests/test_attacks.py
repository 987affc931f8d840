"""All attacks in one batch, beside honest work: each ends as its file says, and leaves nothing."""

from __future__ import annotations

import base64
import contextlib
import ctypes
import hashlib
import io
import json
import os
import re
import shutil
import socket
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

import grader
from grader.book import records
from grader.cli import show
from grader.exercises import folder as exercises
from grader.exercises import notebook, source
from grader.exercises.folder import Exercise
from grader.grading import grade as grading
from grader.grading.job import Settings
from grader.grading.summary import Summary
from grader.sandbox import bubblewrap
from grader.sandbox.inside.marks import NOBODY
from grader.sandbox.limits import Ending, Limits
from grader.sandbox.sandbox import Sandbox
from grader.score.attempt import Attempt
from grader.suite import run as suite
from grader.suite.notebook_run import NotebookRun
from tests import attacks
from tests.attacks import Attack

pytestmark = [pytest.mark.sandbox, pytest.mark.slow]

ATTACKS = attacks.find_all()
HONEST = {"a-honest": 10, "honest": 10, "n-honest": 6, "q-unsolved": 0, "z-honest": 10}
UNSOLVED = {"n-honest": ("clean",), "q-unsolved": ("clean", "label_counts", "tally", "kept")}
OTHERS = "other-submission-canary-0d15ea5e"
ENVIRONMENT = "grader-environment-canary-0badcafe"
FILE = "grader-file-canary-5ca1ab1e"


@dataclass(frozen=True)
class Batch:
    """What a batch of everything was and did."""

    course: Path
    drop: Path
    url: str
    summary: Summary
    before: dict[str, str]
    after: dict[str, str]
    left: dict[str, set[str]]
    connections: int

    def attempt(self, learner: str) -> Attempt:
        [found] = [a for a in self.summary.attempts if a.learner == learner]
        return found

    def pages(self, learner: str) -> dict[str, str]:
        """Read all that is delivered to a learner or shown of the learner's work."""
        files = [
            path
            for step in ("feedback", "autograded")
            for path in (self.course / step / learner).rglob("*")
            if path.is_file() and path.stat().st_size < 50_000_000
        ]
        return {str(path): path.read_bytes().decode("utf-8", "replace") for path in files}


@pytest.fixture(scope="module")
def batch(attacked: Settings) -> Iterator[Batch]:
    # Outside of /tmp, which every sandbox has of its own, and readable by everybody: only the wall
    # is between an attack and these files.
    base = Path(tempfile.mkdtemp(prefix="grader-attacks-", dir="/var/tmp"))
    base.chmod(0o755)
    try:
        with Listener(base / "drop") as listener, pytest.MonkeyPatch.context() as patch:
            patch.setenv("GRADER_SECRET", ENVIRONMENT)
            yield graded(base, listener, attacked)
    finally:
        shutil.rmtree(base)


def graded(base: Path, listener: Listener, settings: Settings) -> Batch:
    course, home = base / "course", base / "home"
    exercise = made_exercise(course)
    home.mkdir()
    (home / ".grader-token").write_text(FILE)
    for learner in HONEST:
        stubs = source.stubs(exercise)
        answers = {task: stubs[task] for task in UNSOLVED.get(learner, ())}
        path = folder(course, learner) / "labels.ipynb"
        path.write_bytes(notebook.dumps(notebook.solve(exercise, answers)).replace(
            b"# Labels, cleaned", f"# {OTHERS}: labels, cleaned".encode()))  # fmt: skip
    for attack in ATTACKS:
        path = folder(course, attack.learner) / "labels.ipynb"
        places = {"course": course, "home": home, "drop": listener.folder, "port": listener.port}
        attacks.hand_in(attack, exercise, path, **places)
    url = f"sqlite:///{course / 'gradebook.db'}"
    before, there = tree(course), traces(listener.folder)
    summary = grading.grade(course, url, settings=settings)
    left = {kind: found - there[kind] for kind, found in traces(listener.folder).items()}
    return Batch(
        course, listener.folder, url, summary, before, tree(course), left, listener.connections
    )


def made_exercise(course: Path) -> Exercise:
    place = course / "exercises/attacks/labels"
    shutil.copytree(attacks.EXERCISE, place, ignore=shutil.ignore_patterns("__pycache__"))
    return exercises.load(place)


def folder(course: Path, learner: str) -> Path:
    made = course / "submitted" / learner / "attacks"
    made.mkdir(parents=True)
    return made


class Listener:
    """Count who connects to a port, an abstract socket and a socket file of the host."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True)
        folder.chmod(0o777)
        self.connections = 0
        port = socket.create_server(("127.0.0.1", 0))
        self.port = port.getsockname()[1]
        self.sockets = [port, *(socket.socket(socket.AF_UNIX) for _ in range(2))]
        self.sockets[1].bind(f"\0grader-attacks-{self.port}")
        self.sockets[2].bind(str(folder / "listener"))

    def __enter__(self) -> Listener:
        for each in self.sockets:
            each.listen()
            threading.Thread(target=self.count, args=[each], daemon=True).start()
        return self

    def count(self, listening: socket.socket) -> None:
        while True:
            try:
                listening.accept()[0].close()
            except OSError:
                return
            self.connections += 1

    def __exit__(self, *_: object) -> None:
        for each in self.sockets:
            each.shutdown(socket.SHUT_RDWR)
            each.close()


def tree(course: Path) -> dict[str, str]:
    """Hash what grading only reads: exercises, submissions, and the grader itself."""
    roots = [course / "exercises", course / "submitted", course.parent / "home"]
    roots.append(Path(grader.__file__).parent)
    paths = [path for root in roots for path in sorted(root.rglob("*"))]
    return {str(path): told(path) for path in paths if "__pycache__" not in path.parts}


def told(path: Path) -> str:
    if path.is_symlink():
        return f"link to {path.readlink()}"
    if not path.is_file() or path.stat().st_size > 50_000_000:
        return f"{path.stat().st_mode:o} {path.stat().st_size}"
    return hashlib.sha256(path.read_bytes()).hexdigest()


def traces(drop: Path) -> dict[str, set[str]]:
    """List what attacks could leave on this machine: processes, mounts, memory, files."""
    # Whatever loses its parent becomes a child of this process.
    ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER
    return {
        "processes": children(),
        "mounts": set(Path("/proc/self/mountinfo").read_text().splitlines()),
        "segments": {line for kind in ("shm", "sem", "msg") for line in segments_inside(kind)},
        "dropped": {str(path) for path in drop.iterdir()},
        "files": {
            str(path) for place in ("/tmp", "/var/tmp", "/dev/shm") for path in left_in(Path(place))
        },
    }


def children() -> set[str]:
    listed = subprocess.run(
        ["ps", "-ww", "-o", "stat=,pid=,args=", "--ppid", str(os.getpid())],
        capture_output=True,
        text=True,
    ).stdout.splitlines()
    ours = ("ps -ww", "multiprocessing.resource_tracker")
    lines = (line.split(None, 1) for line in listed)
    return {
        process
        for state, process in lines
        if not state.startswith("Z") and not any(word in process for word in ours)
    }


def segments_inside(kind: str) -> Iterator[str]:
    head, *lines = Path(f"/proc/sysvipc/{kind}").read_text().splitlines()
    column = head.split().index("uid")
    yield from (line for line in lines if is_inside(int(line.split()[column])))


def is_inside(user: int) -> bool:
    """Tell if that is the id of a user who runs learners' code."""
    return user == NOBODY or any(user in users for users in bubblewrap.USERS)


def left_in(place: Path) -> Iterator[Path]:
    for parent, _, names in os.walk(place):
        for name in names:
            try:
                if is_inside(os.lstat(f"{parent}/{name}").st_uid):
                    yield Path(parent, name)
            except OSError:
                continue


# ---------------------------------------------------------------- what came of each


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_an_attack_ends_as_stated_and_earns_what_it_deserves(batch: Batch, attack: Attack) -> None:
    attempt = batch.attempt(attack.learner)

    assert attempt.ending.value in attack.ends
    assert attack.allows(attempt.score, attempt.max_score)
    assert attempt.note or attempt.ending is Ending.OK
    assert [w for c in attempt.cells for w in attacks.WON.findall(f"{c.stdout}\n{c.error}")] == []


def test_there_are_attacks_of_every_kind() -> None:
    kinds = {attack.name.partition("/")[0] for attack in ATTACKS}

    assert len(ATTACKS) >= 80
    assert kinds == {
        "between_tests",
        "escape", "exhaustion", "feedback", "forged_scores", "handles", "hidden_tests", "malformed",
        "persistence", "smuggled_inputs", "tampering", "wire",
    }  # fmt: skip


def test_the_security_page_says_how_many(root: Path) -> None:
    page = (root / "course/instructors/security.md").read_text()

    assert f"the attacks that we know, {len(ATTACKS)} of them" in page


def test_no_honest_score_moves(batch: Batch) -> None:
    assert {learner: batch.attempt(learner).score for learner in HONEST} == HONEST
    assert {batch.attempt(learner).ending for learner in HONEST} == {Ending.OK}


def test_every_submission_has_a_recorded_outcome(batch: Batch) -> None:
    everybody = {*HONEST, *(attack.learner for attack in ATTACKS)}

    assert batch.summary.pending == []
    with records.open(batch.url) as book:
        latest = {attempt.learner: attempt for attempt in book.latest()}
    assert latest == {attempt.learner: attempt for attempt in batch.summary.attempts}
    assert latest.keys() == everybody
    assert all((batch.course / f"feedback/{who}/attacks/labels.html").is_file() for who in latest)


def test_nbgraders_tables_hold_the_same_scores(batch: Batch) -> None:
    from nbgrader.api import Gradebook

    with Gradebook(batch.url) as book:
        scores = {s.student_id: s.score for s in book.assignment_submissions("attacks")}

    assert scores == {a.learner: float(a.score) for a in batch.summary.attempts}


# ---------------------------------------------------------------- what nobody may read


def secrets(course: Path) -> set[str]:
    text = (course / "exercises/attacks/labels/test_hidden.py").read_text()
    inside = re.findall(r"secret-\w+-canary-\w+", text)
    assert len(inside) == 2
    return {*inside, OTHERS, ENVIRONMENT, FILE}


def spelled(secret: str) -> Iterator[str]:
    data = secret.encode()
    yield from (secret, secret[::-1], data.hex(), base64.b64encode(data).decode())


def test_no_secret_reaches_what_an_attacker_reads(batch: Batch) -> None:
    words = [word for secret in secrets(batch.course) for word in spelled(secret)]
    found = []
    for attack in ATTACKS:
        attempt = json.dumps(records_row(batch.attempt(attack.learner)))
        told = {**batch.pages(attack.learner), "record": attempt}
        assert len(told) >= 3
        found += [
            (attack.name, where, w) for where, text in told.items() for w in words if w in text
        ]

    assert found == []


def records_row(attempt: Attempt) -> dict[str, Any]:
    from grader.score.attempt import to_json

    return to_json(attempt)


def test_the_gradebook_holds_no_hidden_test(batch: Batch) -> None:
    data = (batch.course / "gradebook.db").read_bytes()

    for secret in secrets(batch.course) - {OTHERS}:
        assert secret.encode() not in data


def test_hidden_tests_run_after_the_visible_ones(batch: Batch) -> None:
    # What a visible test saw is shown; it must not have been able to meet a hidden one before.
    collected = suite.load(exercises.load(batch.course / "exercises/attacks/labels"))

    hidden = [test.hidden for test in collected.tests]

    assert hidden == sorted(hidden)
    assert set(hidden) == {False, True}


class Active(HTMLParser):
    """Collect what a browser would run, load or send."""

    TAGS = ("script", "iframe", "object", "embed", "svg", "math", "link", "base", "form", "button")

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.styles = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        self.styles += tag == "style"
        if tag in self.TAGS or told.get("http-equiv", "").lower() == "refresh":
            self.found.append(tag)
        for name, value in told.items():
            link = name in ("href", "src", "action", "srcdoc", "data", "poster", "srcset", "style")
            harmless = (
                value.startswith(("#", "data:image/png;base64,", "width: "))
                or (tag == "a" and name == "href" and re.match(r"https?://|mailto:", value))
            )  # fmt: skip
            if name.startswith("on") or (link and not harmless):
                self.found.append(f"{tag} {name}={value[:80]}")


def test_no_page_holds_anything_active(batch: Batch) -> None:
    found = {}
    for path in sorted((batch.course / "feedback").rglob("*.html")):
        if path.name != "index.html":
            parser = Active()
            parser.feed(path.read_text())
            if parser.found or parser.styles != 1:
                found[path.parent.parent.name] = parser.found

    assert found == {}


def test_no_page_shows_text_in_another_order_than_it_has(batch: Batch) -> None:
    turned = re.compile("[\u202a-\u202e\u2066-\u2069]")
    pages = {
        str(path): path.read_bytes().decode("utf-8", "replace")
        for step in ("feedback", "autograded")
        for path in (batch.course / step).rglob("*.*")
    }

    assert [path for path, text in pages.items() if turned.search(text)] == []
    assert len(pages) > len(ATTACKS)


def test_what_formgrader_shows_holds_no_markup(batch: Batch) -> None:
    found = []
    for path in sorted((batch.course / "autograded").rglob("*.ipynb")):
        for cell in json.loads(path.read_text())["cells"]:
            source = "".join(cell["source"])
            if cell["cell_type"] != "code" and re.search(r"<[a-zA-Z/!]", source):
                found.append((path.parent.parent.name, source[:100]))
            kinds = {kind for out in cell.get("outputs", []) for kind in out.get("data", {})}
            if kinds - {"image/png"}:
                found.append((path.parent.parent.name, str(kinds)))

    assert found == []


def test_nothing_moves_the_cursor_of_the_instructor(batch: Batch) -> None:
    screen = Console(file=io.StringIO(), width=200)

    for part in show.summary(batch.summary):
        screen.print(part)
    page = (batch.course / "feedback/index.html").read_text()

    assert isinstance(screen.file, io.StringIO)
    written = screen.file.getvalue()
    assert "a-honest" in written + page
    assert re.findall(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", written + page) == []


# ---------------------------------------------------------------- what is left


def test_nothing_survives(batch: Batch) -> None:
    assert batch.left == {kind: set() for kind in batch.left}
    assert len(batch.left) == 5


def test_the_hosts_files_are_as_they_were(batch: Batch) -> None:
    assert batch.after == batch.before
    assert len(batch.before) > len(ATTACKS)


def test_nobody_came_through_the_network(batch: Batch) -> None:
    assert batch.connections == 0


def test_what_is_delivered_stays_small(batch: Batch) -> None:
    sizes = {
        str(path): path.stat().st_size
        for step in ("feedback", "autograded")
        for path in (batch.course / step).rglob("*")
        if path.is_file()
    }

    assert {path: size for path, size in sizes.items() if size > 5_000_000} == {}
    assert (batch.course / "gradebook.db").stat().st_size < 20_000_000


# ---------------------------------------------------------------- the warm interpreter


def cells_of(name: str) -> list[tuple[int, str]]:
    [attack] = [attack for attack in ATTACKS if attack.name == name]
    return [(n, source) for n, (_, source) in enumerate(attacks.sections(attack.text))]


@pytest.mark.parametrize(
    "name", ["tampering/graders_processes_slowed", "tampering/graders_processes_signalled"]
)
def test_the_warm_interpreter_stays_as_it_was(sandbox: Sandbox, name: str) -> None:
    def state() -> list[tuple[int, int, int, str]]:
        return [
            (pid, os.getpriority(os.PRIO_PROCESS, pid), os.sched_getscheduler(pid), status(pid))
            for pid in sorted(sandbox.usage.trusted)
        ]

    def status(pid: int) -> str:
        text = Path(f"/proc/{pid}/status").read_text()
        return re.findall(r"State:\s+(\w)", text)[0].replace("R", "S")

    sandbox.open(Limits()).close()
    before = state()

    run = NotebookRun(sandbox, Limits(), (), cells_of(name))
    run.execute()
    run.close()

    assert run.reports[0].status == "ok", run.reports
    assert state() == before


def test_without_root_there_is_nothing_to_write_to_either() -> None:
    # The user that bwrap runs as owns what bwrap makes, and is the learner's code.
    ordinary = ("--unshare-user", "--uid", str(NOBODY), "--gid", str(NOBODY))
    look = """
import os, sys
result = []
for folder, inner, names in os.walk("/"):
    if folder in ("/usr", "/proc", sys.prefix, sys.base_prefix):
        inner.clear()
    try:
        with open(os.path.join(folder, "left_behind.py"), "w"):
            result.append(folder)
    except OSError:
        pass
print(result)
"""
    limits = Limits()
    with Sandbox(extra_arguments=ordinary) as sandbox:
        run = NotebookRun(sandbox, limits, (), [(0, look)])
        run.execute()
        run.close()
        assert sandbox.isolation == "bubblewrap"
    writable = run.reports[0].stdout.strip().strip("[]").replace("'", "").split(", ")

    assert "/submission" in writable
    assert [f for f in writable if not f.startswith(("/submission", "/tmp", "/dev/shm"))] == []


def test_one_submission_cannot_read_what_another_left_in_the_network(sandbox: Sandbox) -> None:
    attack = cells_of("smuggled_inputs/closed_ports")
    runs = [NotebookRun(sandbox, Limits(), (), attack) for _ in range(2)]

    for run in runs:
        run.execute()
        with contextlib.suppress(Exception), run.submission() as submission:
            submission.write(b"a hidden input")
        run.close()

    assert [run.reports[0].stdout for run in runs] == ["", ""]


def test_what_runs_again_after_a_test_tells_the_learner_nothing(sandbox: Sandbox) -> None:
    crash = """
import os, signal, time
signal.signal(signal.SIGUSR1, lambda *_: os._exit(1))
started = time.monotonic_ns()
def crash(seen):
    os.kill(1, signal.SIGUSR1)
    time.sleep(5)
raise RuntimeError(str(started))
"""
    run = NotebookRun(sandbox, Limits(), (), [(0, crash)])
    run.execute()
    before = dict(run.reports)
    times = []
    for _ in range(2):
        with run.submission() as submission:
            times.append(submission.started)
            with pytest.raises(BaseException, match="process ended"):
                submission.crash("a hidden input")
    run.close()

    assert times[0] != times[1]  # it ran again, and could have told
    assert run.reports == before
