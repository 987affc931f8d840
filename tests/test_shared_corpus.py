"""Attacks written for graders in general, by people who did not know this one: none may win.

The corpus is a module of its own (`ATTACKS`, `build`, `evaluate`) that lies beside the checkout or
where GRADER_ATTACK_CORPUS points. Where there is none, conftest.py leaves this file out, and the
header of the test run says so. All attacks are handed in at once, beside honest work, and graded by
the real command; what evidence the corpus judges by is collected from outside of it.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import json
import os
import resource
import shutil
import socket
import subprocess
import sys
import sysconfig
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from nbconvert import HTMLExporter

import grader
from grader.book import records
from grader.exercises import folder as exercises
from grader.exercises import notebook
from grader.grading.job import Settings
from grader.sandbox.limits import Ending
from grader.score.attempt import Attempt
from tests.builders import written
from tests.commands import BIN
from tests.conftest import CORPUS

pytestmark = [pytest.mark.sandbox, pytest.mark.slow]

ASSIGNMENT = SLUG = "ps1"
VICTIMS = ("a_victim", "z_victim")
TAG = "ATTACKTAG7d3a"
CANARIES = {
    "canary": "SECRET_TEST_CANARY_0b5e11a7",
    "others": "OTHER_STUDENT_CANARY_0b5e11a7",
    "env": "GRADER_ENV_CANARY_0b5e11a7",
    "file": "GRADER_FILE_CANARY_0b5e11a7",
}
SPEC = """
title = "Cleaning labels"
summary = "Clean labels and count them."
difficulty = 1
minutes = 10

[[tasks]]
name = "labels"
points = 3

[limits]
cell_seconds = 2
notebook_seconds = 5
test_seconds = 1
memory_mb = 600
processes = 32
disk_mb = 16
output_kb = 64
message_mb = 16
"""


def loaded(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("attack_corpus", path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # its dataclasses look themselves up there
    spec.loader.exec_module(module)
    return module


corpus = loaded(CORPUS)


# ---------------------------------------------------------------- the exercise, for this grader


def indented(source: str) -> str:
    return "".join(f"    {line}\n" for line in source.strip().splitlines())


def made_exercise(course: Path) -> exercises.Exercise:
    """Write the corpus's exercise; a question's two halves are one test, as they are one cell."""
    source = (
        "# ---\n# jupyter:\n#   kernelspec: {display_name: Python 3, language: python, "
        f"name: python3}}\n# ---\n\n# %% [markdown]\n# Cleaning labels\n\n# %%\n{corpus.SETUP}"
        "from grader import check, hint, load\n"
        f'\n# %% task="labels"\n{marked(corpus.SOLUTION)}'
    )
    tests = []
    for name, public, hidden in corpus.TESTS:
        body = indented(f"{public}\n{hidden}".replace("@CANARY@", CANARIES["canary"]))
        tests.append(
            f'@task("labels")\ndef test_{name}(submission):\n    """Labels are clean."""\n'
            f"    clean, label_counts = submission.clean, submission.label_counts\n{body}"
        )
    hidden = "import numpy as np\nimport pandas as pd\nfrom grader import task\n\n\n"
    hidden += "\n\n".join(tests)
    return written(course, f"{ASSIGNMENT}/{SLUG}", spec=SPEC, notebook=source, hidden=hidden)


def marked(solution: str) -> str:
    """Mark each function's body as solution."""
    lines: list[str] = []
    for line in solution.rstrip().splitlines():
        if line.startswith("def ") and lines:
            lines.append("    ### END SOLUTION\n\n")
        lines.append(line)
        if line.startswith("def "):
            lines.append("    ### BEGIN SOLUTION")
    return "\n".join([*lines, "    ### END SOLUTION", ""])


# ---------------------------------------------------------------- handing in


def context(attack: dict[str, Any], drop: Path, port: int) -> Any:
    return corpus.Ctx(
        drop=str(drop), port=port, tag=TAG, id=attack["id"], me=learner(attack), victims=VICTIMS,
        source=f"../../../exercises/{ASSIGNMENT}/{SLUG}/test_hidden.py", **CANARIES,
    )  # fmt: skip


def learner(attack: dict[str, Any]) -> str:
    return f"m_{attack['id']}"


def hand_in(attack: dict[str, Any], template: dict[str, Any], ctx: Any, course: Path) -> None:
    """Put the files where learners' files are; an archive alone, as it was uploaded."""
    made = corpus.build(attack, template, ctx, f"{SLUG}.ipynb", str(course.parent / "home"))
    if "__archive__.zip" in made:
        made = {f"{SLUG}.zip": made["__archive__.zip"]}
    for name, content in made.items():
        put(course / "submitted" / learner(attack) / ASSIGNMENT / name, content)


def put(path: Path, content: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    match content:
        case bytes():
            path.write_bytes(content)
        case ("symlink", target):
            path.symlink_to(target)
        case ("fifo",):
            os.mkfifo(path)
        case ("dir",):
            path.mkdir(parents=True, exist_ok=True)
        case _:
            raise AssertionError(f"the corpus has a new kind of file: {content!r}")


# ---------------------------------------------------------------- watching


class Listener:
    """Keep what is sent to a port of the loopback."""

    def __init__(self) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.received = b""
        self.thread = threading.Thread(target=self._listen, daemon=True)
        self.thread.start()

    def _listen(self) -> None:
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            with connection, contextlib.suppress(OSError):
                connection.settimeout(5)
                self.received += connection.recv(1_000_000)

    def close(self) -> None:
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
        self.thread.join()


@dataclass(slots=True)
class Peaks:
    """The most that a process and all below it used at any look; its own code and the engine's."""

    rss_mb: float = 0.0
    processes: int = 0
    threads: int = 0
    looks: int = 0

    def look(self, pid: int) -> None:
        found = [pid, *below(pid)]
        held = [memory_and_threads(each) for each in found]
        self.rss_mb = max(self.rss_mb, sum(kb for kb, _ in held) / 1024)
        self.threads = max(self.threads, sum(threads for _, threads in held))
        self.processes = max(self.processes, len(found))
        self.looks += 1


def below(pid: int) -> list[int]:
    found = []
    with contextlib.suppress(OSError):
        for thread in Path(f"/proc/{pid}/task").iterdir():
            for child in map(int, (thread / "children").read_text().split()):
                found += [child, *below(child)]
    return found


def memory_and_threads(pid: int) -> tuple[int, int]:
    with contextlib.suppress(OSError, IndexError):
        memory = Path(f"/proc/{pid}/smaps_rollup").read_text().split("Pss:")[1].split()[0]
        threads = len(list(Path(f"/proc/{pid}/task").iterdir()))
        return int(memory), threads
    return 0, 0


def tagged() -> list[str]:
    """List the processes on this machine that carry the tag of this batch."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            told = (folder / "cmdline").read_bytes() + (folder / "environ").read_bytes()
            if TAG.encode() in told and int(folder.name) != os.getpid():
                found.append(f"{folder.name} {told[:100]!r}")
    return found


def hashes(*roots: Path) -> dict[str, str]:
    return {
        str(path): hashlib.sha256(path.read_bytes()).hexdigest()
        for root in roots
        for path in sorted(root.rglob("*"))
        if path.is_file() and not path.is_symlink() and "__pycache__" not in path.parts
    }


def megabytes(*roots: Path) -> float:
    return sum(p.lstat().st_blocks for root in roots for p in root.rglob("*")) * 512 / 2**20


# ---------------------------------------------------------------- the batch


@dataclass(slots=True)
class Graded:
    """The batch when it is over, and what was seen of it from outside."""

    course: Path
    drop: Path
    contexts: dict[str, Any]
    attempts: dict[str, Attempt]
    shared: dict[str, Any]
    peaks: Peaks

    def evidence(self, attack: dict[str, Any]) -> Any:
        """Put together what the corpus judges one attack by."""
        mine = self.attempts.get(learner(attack))
        pages, files = self.delivered(attack)
        sizes = sum(map(len, pages.values())) + sum(map(len, files.values()))
        return corpus.Evidence(
            score=None if mine is None else float(mine.score),
            verdict_recorded=mine is not None and bool(mine.note or mine.ending is Ending.OK),
            learner_html=pages,
            learner_files=files,
            drop={path.name: path.read_bytes() for path in self.drop.iterdir()},
            victims={who: self.score(who) for who in VICTIMS},
            victim_files_ok=all(self.page(who).is_file() for who in VICTIMS),
            peak_rss_mb=self.peaks.rss_mb,
            peak_procs=self.peaks.processes,
            peak_threads=self.peaks.threads,
            artefact_mb=sizes / 1e6,
            invalid_result=mine is not None and not 0 <= mine.score <= mine.max_score == 3,
            **self.shared,
        )

    def score(self, who: str) -> float | None:
        attempt = self.attempts.get(who)
        return None if attempt is None else float(attempt.score)

    def page(self, who: str) -> Path:
        return self.course / "feedback" / who / ASSIGNMENT / f"{SLUG}.html"

    def delivered(self, attack: dict[str, Any]) -> tuple[dict[str, str], dict[str, bytes]]:
        """Read what a learner gets, and what a person sees of it, formgrader's view included."""
        pages = {"index": (self.course / "feedback/index.html").read_text()}
        files = {}
        for step in ("feedback", "autograded"):
            for path in (self.course / step / learner(attack)).rglob("*"):
                if path.suffix == ".html":
                    pages[str(path)] = path.read_text()
                elif path.is_file():
                    files[str(path)] = path.read_bytes()
        if attack.get("needs") == "html_page":
            for name in [name for name in files if name.endswith(".ipynb")]:
                pages[f"{name}.html"] = HTMLExporter().from_filename(name)[0]
        return pages, files


@pytest.fixture(scope="module")
def batch(attacked: Settings) -> Iterator[Graded]:
    # Outside of /tmp, which every sandbox has of its own.
    base = Path(tempfile.mkdtemp(prefix="grader-corpus-", dir="/var/tmp"))
    base.chmod(0o755)
    listener = Listener()
    try:
        yield graded(base, listener, attacked)
    finally:
        listener.close()
        shutil.rmtree(base)


def graded(base: Path, listener: Listener, settings: Settings) -> Graded:
    course, drop, home = base / "course", base / "drop", base / "home"
    for folder in (course, drop, home):
        folder.mkdir()
    drop.chmod(0o777)
    (home / ".grader_token").write_text(CANARIES["file"])
    exercise = made_exercise(course)
    contexts = hand_in_all(exercise, course, drop, listener.port)
    kept = (course / "exercises", course / "submitted", home, Path(grader.__file__).parent)
    before, disk = hashes(*kept), megabytes(base)
    began = time.monotonic()
    code, terminal, peaks = grade(course, home, settings)
    after = hashes(*kept)
    with records.open(f"sqlite:///{course / 'gradebook.db'}") as book:
        attempts = {attempt.learner: attempt for attempt in book.latest()}
    changed = {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
    # The corpus waits for some attacks to act later. They need a process for it: none is left.
    shared = {
        "survivors": tagged(),
        "net": listener.received,
        "batch_finished": code in (0, 1),
        "rc": code,
        "wall": time.monotonic() - began,
        "terminal": terminal,
        "disk_mb": megabytes(base) - disk,
        "files_left": len(list(drop.iterdir())),
        "suite_modified": any(path.startswith(str(course / "exercises")) for path in changed),
        "package_modified": any(path.startswith(str(kept[-1])) for path in changed)
        or bool(list(Path(sysconfig.get_path("purelib")).glob(f"*{TAG}*"))),
        "home_written": [path for path in changed if path.startswith(str(home))],
        "slip": [str(p) for up in [drop, *(course / "a/b").parents] for p in up.glob("slip-*")],
    }  # fmt: skip
    assert {path for path in changed if "submitted" in path} == set()
    return Graded(course, drop, contexts, attempts, shared, peaks)


def hand_in_all(
    exercise: exercises.Exercise, course: Path, drop: Path, port: int
) -> dict[str, Any]:
    for victim in VICTIMS:
        solved = notebook.dumps(notebook.solve(exercise))
        canary = f"# {CANARIES['others']}: cleaning labels"
        told = solved.replace(b"Cleaning labels", canary.encode())
        assert told != solved
        put(course / "submitted" / victim / ASSIGNMENT / f"{SLUG}.ipynb", told)
    template = json.loads(notebook.dumps(notebook.release(exercise)))
    contexts = {attack["id"]: context(attack, drop, port) for attack in corpus.ATTACKS}
    for attack in corpus.ATTACKS:
        hand_in(attack, template, contexts[attack["id"]], course)
    return contexts


def grade(course: Path, home: Path, settings: Settings) -> tuple[int, bytes, Peaks]:
    """Run the real command and watch it from outside until it ends."""
    how = ["--isolation", settings.isolation]
    how += ["--scheduler", settings.scheduler] if settings.scheduler else []
    told = {"HOME": str(home), "GRADER_SECRET": CANARIES["env"], "GRADER_BATCH": TAG}
    peaks = Peaks()
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            [BIN / "grader", "grade", "--course", str(course), *how],
            env={**os.environ, **told},
            stdout=said,
            stderr=said,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (2**30, 2**30)),
        )
        while True:
            peaks.look(process.pid)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(timeout=0.3)
                break
        said.seek(0)
        return process.returncode, said.read(), peaks


# ---------------------------------------------------------------- the verdict


@pytest.mark.parametrize("attack", corpus.ATTACKS, ids=lambda attack: attack["id"])
def test_an_attack_does_not_win_and_has_an_outcome(batch: Graded, attack: dict[str, Any]) -> None:
    judged = corpus.evaluate(attack, batch.evidence(attack), batch.contexts[attack["id"]])

    assert judged == {"won": [], "collateral": [], "outcome": "defended", "verdict_recorded": True}


def test_every_category_is_there_and_in_none_of_them_anybody_wins(batch: Graded) -> None:
    wins = dict.fromkeys(corpus.CATEGORIES, 0)
    for attack in corpus.ATTACKS:
        judged = corpus.evaluate(attack, batch.evidence(attack), batch.contexts[attack["id"]])
        wins[attack["category"]] += bool(judged["won"])

    assert {attack["category"] for attack in corpus.ATTACKS} == set(corpus.CATEGORIES)
    assert wins == dict.fromkeys(corpus.CATEGORIES, 0)


def test_the_batch_was_graded_whole_and_watched(batch: Graded) -> None:
    assert batch.shared["rc"] == 1  # what cannot be read is the input's fault
    assert batch.attempts.keys() == {*VICTIMS, *map(learner, corpus.ATTACKS)}
    assert batch.peaks.looks > 20
    assert batch.peaks.rss_mb > 100


def test_the_instruments_notice_what_they_look_for() -> None:
    listener = Listener()
    with socket.create_connection(("127.0.0.1", listener.port)) as sending:
        sending.sendall(TAG.encode())
    listener.thread.join(0.01)
    pipe = subprocess.PIPE
    with subprocess.Popen(["cat"], stdin=pipe, stdout=pipe, env={"LEFT": TAG}, bufsize=0) as left:
        assert left.stdin and left.stdout
        left.stdin.write(b"!")
        left.stdout.read(1)  # it runs: right after the fork /proc does not show what it is yet
        noticed = tagged()
        left.kill()
    peaks = Peaks()
    peaks.look(os.getpid())
    listener.close()

    assert [line for line in noticed if line.startswith(f"{left.pid} ")]
    assert listener.received == TAG.encode()
    assert peaks.processes >= 1 and peaks.rss_mb > 10
