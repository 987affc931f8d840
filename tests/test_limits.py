"""Each limit is where it is said to be: a little below it work goes on, a little above it ends.

What is measured is the wall's own effect on real code behind it, never the number in a table.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest

from grader.errors import LearnerError
from grader.sandbox import limits
from grader.sandbox.inside.output import FLOOD
from grader.sandbox.inside.walls import OPEN_FILES
from grader.sandbox.limits import CLOCK_FACTOR, QUEUE_FACTOR, TEST_MESSAGES, Ending, Limits
from grader.sandbox.sandbox import Sandbox
from grader.suite.notebook_run import MAX_ERRORS, NotebookRun
from grader.suite.standin import Stopped
from grader.wire import forms

pytestmark = [pytest.mark.sandbox, pytest.mark.slow]
LIMITS = Limits(cell_seconds=2, notebook_seconds=6, test_seconds=2, memory_mb=400, processes=16,
                disk_mb=8, output_kb=64, message_mb=4)  # fmt: skip
PATIENT = replace(LIMITS, cell_seconds=30, notebook_seconds=60, test_seconds=30)
# Works for so many seconds of its processor, however busy the machine is.
WORK = """
import time
def work(seconds):
    begin = time.process_time()
    while time.process_time() - begin < seconds:
        pass
    return True
"""


@contextmanager
def ran(sandbox: Sandbox, *cells: str, limits: Limits) -> Iterator[NotebookRun]:
    run = NotebookRun(sandbox, limits, (), list(enumerate(cells)))
    run.execute()
    try:
        yield run
    finally:
        run.close()


def ends(sandbox: Sandbox, code: str, limits: Limits = LIMITS, *before: str) -> tuple[str, str]:
    """Run a cell between two others; return how it ended and what it said of an error."""
    with ran(sandbox, *before, code, "after = 1", limits=limits) as run:
        place = len(before)
        assert run.reports[place + 1].status == "ok", "the limit cost more than the one cell"
        report = run.reports[place]
        return report.status, report.error.partition(":")[0]


def asks(sandbox: Sandbox, cell: str, limits: Limits, name: str, *args: Any) -> Any:
    """Ask a function of the notebook in a test; return its answer, or how the test was ended."""
    with ran(sandbox, cell, limits=limits) as run:
        assert run.reports[0].status == "ok", run.reports
        with run.submission() as submission:
            try:
                return getattr(submission, name)(*args)
            except Stopped as stopped:
                return stopped.ended.ending
            except (LearnerError, MemoryError) as error:
                return str(error)


# ---------------------------------------------------------------- processor and clock


@pytest.fixture
def slow_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tell apart two limits: on a busy machine the one by the clock would be passed first."""
    for module in ("channel", "run"):
        monkeypatch.setattr(f"grader.sandbox.{module}.CLOCK_FACTOR", 60)


@pytest.mark.parametrize(("part", "status"), [(0.75, "ok"), (1.3, "timeout")])
def test_processor_seconds_of_a_cell(
    slow_clock: None, sandbox: Sandbox, part: float, status: str
) -> None:
    seconds = part * LIMITS.cell_seconds

    assert ends(sandbox, f"work({seconds})", LIMITS, WORK)[0] == status


@pytest.mark.parametrize(("part", "answer"), [(0.75, True), (1.3, Ending.TIMEOUT)])
def test_processor_seconds_of_a_test(
    slow_clock: None, sandbox: Sandbox, part: float, answer: Any
) -> None:
    limits = replace(LIMITS, test_seconds=1.5)

    assert asks(sandbox, WORK, limits, "work", part * limits.test_seconds) == answer


@pytest.mark.parametrize(("part", "last"), [(0.7, "ok"), (1.3, "timeout")])
def test_processor_seconds_of_a_notebook(
    slow_clock: None, sandbox: Sandbox, part: float, last: str
) -> None:
    limits = replace(LIMITS, cell_seconds=2, notebook_seconds=3)
    cells = [f"work({part})"] * 3
    with ran(sandbox, WORK, *cells, limits=limits) as run:
        # A third cell that had to be killed is left out of the second run, the others are not.
        statuses = [run.reports[number].status for number in (1, 2, 3)]

    assert statuses == ["ok", "ok", last]


def test_processor_seconds_of_several_processes_add_up(slow_clock: None, sandbox: Sandbox) -> None:
    together = """
import os
children = []
for _ in range(4):
    pid = os.fork()
    if pid == 0:
        work({each})
        os._exit(0)
    children.append(pid)
for pid in children:
    os.waitpid(pid, 0)
"""
    limits = replace(LIMITS, cell_seconds=2)

    assert ends(sandbox, together.format(each=0.35), limits, WORK)[0] == "ok"
    assert ends(sandbox, together.format(each=0.65), limits, WORK)[0] == "timeout"


def test_who_is_kept_from_the_processor_is_not_late(sandbox: Sandbox) -> None:
    # Its work alone would be done in half of its time by the clock; it gets a ninth of a processor.
    limits = replace(LIMITS, cell_seconds=0.25, notebook_seconds=1)
    sandbox.open(limits).close()
    processor = min(os.sched_getaffinity(0))
    before = {pid: os.sched_getaffinity(pid) for pid in sandbox.usage.trusted}
    hog = [sys.executable, "-c", f"import os\nos.sched_setaffinity(0, {{{processor}}})\nwhile 1: 0"]
    hogs = [subprocess.Popen(hog) for _ in range(8)]
    try:
        for pid in before:
            os.sched_setaffinity(pid, {processor})
        assert ends(sandbox, "work(0.16)", limits, WORK)[0] == "ok"
    finally:
        for pid, processors in before.items():
            os.sched_setaffinity(pid, processors)
        for each in hogs:
            each.kill()
            each.wait()


def test_a_busy_machine_takes_no_seconds_from_a_notebook(sandbox: Sandbox) -> None:
    # By the clock it is over the notebook's seconds before its last cell, and has used none.
    limits = replace(LIMITS, cell_seconds=1, notebook_seconds=1)
    with ran(sandbox, "import time", "time.sleep(1.5)", "done = 1", limits=limits) as run:
        assert [run.reports[number].status for number in range(3)] == ["ok", "ok", "ok"]


@pytest.mark.parametrize(
    # On a busy machine what waits for a processor, ourselves included, is given more time.
    ("part", "status"),
    [(0.7, "ok"), (1.1 * (1 + QUEUE_FACTOR), "timeout")],
)
def test_seconds_by_the_clock_for_who_only_waits(
    sandbox: Sandbox, part: float, status: str
) -> None:
    limits = replace(LIMITS, cell_seconds=0.5)
    seconds = part * CLOCK_FACTOR * limits.cell_seconds
    begin = time.monotonic()

    assert ends(sandbox, f"import time\ntime.sleep({seconds})", limits)[0] == status
    assert time.monotonic() - begin >= min(seconds, CLOCK_FACTOR * limits.cell_seconds)


# ---------------------------------------------------------------- memory and processes


def test_memory_of_one_process(sandbox: Sandbox) -> None:
    fill = """
blocks = []
try:
    while True:
        blocks.append(bytearray(2**20))
except MemoryError:
    room = len(blocks)
    del blocks
"""
    with ran(sandbox, fill, limits=Limits()) as run, run.submission() as submission:
        room = submission.room
    block = "block = bytearray({} * 2**20)\ndel block"

    # Python and the libraries, warm as they are, count as well.
    assert Limits().memory_mb - 300 < room < Limits().memory_mb
    assert ends(sandbox, block.format(room - 16), Limits()) == ("ok", "")
    assert ends(sandbox, block.format(room + 16), Limits()) == ("error", "MemoryError")


HOLD = """
import os, time
def hold(megabytes):
    blocks, reading, writing = [], *os.pipe()
    for _ in range(4):
        if os.fork() == 0:
            block = os.urandom(4096) * (megabytes // 4 * 256)
            os.write(writing, b"x")
            time.sleep(100)
    for _ in range(4):
        os.read(reading, 1)
    time.sleep(0.5)
    return True
"""


@pytest.mark.parametrize(("part", "answer"), [(0.6, True), (1.15, Ending.MEMORY)])
def test_memory_of_several_processes_adds_up(sandbox: Sandbox, part: float, answer: Any) -> None:
    # Its own interpreter counts, too: what it writes to of the pages that it shares.
    assert asks(sandbox, HOLD, PATIENT, "hold", int(part * PATIENT.memory_mb)) == answer


START = """
import os, time
def start(count):
    try:
        for _ in range(count):
            if os.fork() == 0:
                time.sleep(100)
    except BlockingIOError:
        return "refused"
    return "started"
"""


@pytest.mark.parametrize(("more", "answer"), [(-4, "started"), (0, "refused")])
def test_processes(sandbox: Sandbox, more: int, answer: str) -> None:
    # The notebook's own process and the test's count as well.
    assert asks(sandbox, START, PATIENT, "start", PATIENT.processes + more) == answer


def test_threads_are_processes_to_the_limit(sandbox: Sandbox) -> None:
    threads = """
import threading
done = threading.Event()
def start(count):
    try:
        for _ in range(count):
            threading.Thread(target=done.wait, daemon=True).start()
    except RuntimeError:
        return "refused"
    return "started"
"""
    assert asks(sandbox, threads, PATIENT, "start", PATIENT.processes - 4) == "started"
    assert asks(sandbox, threads, PATIENT, "start", PATIENT.processes) == "refused"


# ---------------------------------------------------------------- disk and open files


@pytest.mark.parametrize("place", ["/submission", "/tmp", "/dev/shm"])
def test_disk_is_one_small_place_under_all_its_names(sandbox: Sandbox, place: str) -> None:
    write = f"open('{place}/{{name}}', 'wb').write(bytes({{size}})) and None"
    disk = PATIENT.disk_mb * 2**20
    less, more = write.format(name="a", size=disk - 2**18), write.format(name="b", size=2**19)

    assert ends(sandbox, less, PATIENT) == ("ok", "")
    assert ends(sandbox, more, PATIENT, less) == ("error", "OSError")


def test_a_file_is_no_larger_than_the_disk(sandbox: Sandbox) -> None:
    grow = "import os\nwith open('a', 'wb') as file:\n    os.truncate(file.fileno(), {size})"
    disk = PATIENT.disk_mb * 2**20

    assert ends(sandbox, grow.format(size=disk), PATIENT) == ("ok", "")
    assert ends(sandbox, grow.format(size=disk + 1), PATIENT) == ("error", "OSError")


@pytest.mark.parametrize(("count", "error"), [(OPEN_FILES - 40, ""), (OPEN_FILES, "OSError")])
def test_open_files(sandbox: Sandbox, count: int, error: str) -> None:
    code = f"import os\nfiles = [os.open('/dev/null', 0) for _ in range({count})]\n"

    assert ends(sandbox, f"{code}for file in files:\n    os.close(file)", PATIENT)[1] == error


# ---------------------------------------------------------------- output and messages


@pytest.mark.parametrize(("more", "status"), [(-1, "ok"), (0, "ok"), (1, "output")])
def test_output_to_the_character(sandbox: Sandbox, more: int, status: str) -> None:
    characters = LIMITS.output_kb * 1024 + more
    with ran(sandbox, f"print('x' * {characters}, end='')", limits=LIMITS) as run:
        assert run.reports[0].status == status


def test_a_cell_that_prints_too_much_runs_on_and_one_that_never_ends_does_not(
    sandbox: Sandbox,
) -> None:
    flood = (
        f"for _ in range({{floods}}):\n    print('x' * {LIMITS.output_kb * 1024 - 1})\nx = {{x}}"
    )
    cells = (flood.format(floods=FLOOD, x=1), flood.format(floods=FLOOD + 1, x=2))
    with ran(sandbox, *cells, limits=LIMITS) as run:
        statuses = [run.reports[number].status for number in range(2)]
        with run.submission() as submission:
            assert submission.x == 1

    assert statuses == ["output", "output"]


def test_each_cell_may_print_as_much(sandbox: Sandbox) -> None:
    whole = f"print('x' * {LIMITS.output_kb * 1024}, end='')"
    with ran(sandbox, whole, whole, whole, limits=LIMITS) as run:
        statuses = [run.reports[number].status for number in range(3)]
        said = sum(len(run.reports[number].stdout) for number in range(3))

    assert statuses == ["ok", "ok", "ok"]
    assert said <= LIMITS.output_kb * 1024


def test_reports_of_many_cells_are_no_longer_than_one_cell_may_print(sandbox: Sandbox) -> None:
    cells = [f"print('x' * {forms.STDOUT})"] * 5
    with ran(sandbox, *cells, limits=LIMITS) as run:
        said = [len(run.reports[number].stdout) for number in range(5)]
        assert all(run.reports[number].status == "ok" for number in range(5))

    assert sum(said) == LIMITS.output_kb * 1024


@pytest.mark.parametrize(("more", "fits"), [(-2000, True), (2000, False)])
def test_size_of_an_answer(sandbox: Sandbox, more: int, fits: bool) -> None:
    size = PATIENT.message_mb * 2**20 + more
    answer = asks(sandbox, "def answer(size):\n    return bytes(size)", PATIENT, "answer", size)

    assert (answer == bytes(size)) is fits
    assert fits or "larger than the exercise allows" in answer


# ---------------------------------------------------------------- what is read of answers

STREAM = """
import numpy as np
def arrays(count, size):
    part = np.zeros(size, dtype="u1")
    for _ in range(count):
        yield part
def numbers(count):
    return list(range(count))
def again(count, function):
    for _ in range(count):
        function()
def ranges(count, size):
    for _ in range(count):
        yield range(size)
"""
MB = 2**20
TOO_MUCH = "crashed: it answered with more than may be read"


def reads(sandbox: Sandbox, question: Callable[[Any], Any], limits: Limits = PATIENT) -> str:
    """Ask in a test; return how it was ended, or "" where it was not."""
    with ran(sandbox, STREAM, limits=limits) as run, run.submission() as submission:
        try:
            question(submission)
        except Stopped as stopped:
            return f"{stopped.ended.ending.value}: {stopped.ended.note}"
        return ""


def test_bytes_of_a_tests_answers_together(sandbox: Sandbox) -> None:
    most = TEST_MESSAGES * PATIENT.message_mb

    assert not reads(sandbox, lambda asked: list(asked.arrays(most - 1, MB)))
    assert reads(sandbox, lambda asked: list(asked.arrays(most + 1, MB))) == TOO_MUCH


def test_values_of_a_tests_answers_together(sandbox: Sandbox) -> None:
    def ask(times: int) -> Callable[[Any], Any]:
        return lambda asked: [asked.numbers(199_990) for _ in range(times)]

    assert not reads(sandbox, ask(9))
    assert reads(sandbox, ask(11)) == TOO_MUCH


def test_numbers_of_ranges_count_before_somebody_goes_through_them(sandbox: Sandbox) -> None:
    assert not reads(sandbox, lambda asked: list(asked.ranges(9, 800_000)))
    assert reads(sandbox, lambda asked: list(asked.ranges(11, 800_000))) == TOO_MUCH


def test_calls_of_a_tests_functions_count(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(limits._TEST, "messages", 500)

    assert not reads(sandbox, lambda asked: asked.again(450, lambda: 1))
    assert reads(sandbox, lambda asked: asked.again(550, lambda: 1)) == TOO_MUCH


def test_what_a_run_may_answer_is_over_for_all_later_tests(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "RUN_TESTS", 2)
    most = TEST_MESSAGES * PATIENT.message_mb - 1
    ends = []
    with ran(sandbox, STREAM, limits=PATIENT) as run:
        for _ in range(4):
            try:
                with run.submission() as submission:
                    list(submission.arrays(most, MB))
                    ends.append("")
            except Stopped as stopped:
                ends.append(f"{stopped.ended.ending.value}: {stopped.ended.note}")

    assert ends == ["", "", TOO_MUCH, TOO_MUCH]


def test_a_list_of_large_answers_leaves_the_tests_process_small(sandbox: Sandbox) -> None:
    # An iterator of 49 MB arrays: the process that ran the test grew to 3 GB before.
    ask = """
import os, sys
from grader.sandbox import processes
from grader.sandbox.limits import Limits
from grader.sandbox.sandbox import Sandbox
from grader.suite.notebook_run import MAX_ERRORS, NotebookRun
from grader.suite.standin import Stopped
with Sandbox() as sandbox:
    run = NotebookRun(sandbox, Limits(test_seconds=60), (), [(0, sys.argv[1])])
    run.execute()
    before = processes.peak_kb(os.getpid())
    with run.submission() as submission:
        try:
            list(submission.arrays(60, 49_000_000))
        except Stopped as stopped:
            print(stopped.ended.note, file=sys.stderr)
    run.close()
    print((processes.peak_kb(os.getpid()) - before) // 1024)
"""
    done = subprocess.run(
        [sys.executable, "-c", ask, STREAM], capture_output=True, text=True, check=True
    )

    assert "more than may be read" in done.stderr
    assert 150 < int(done.stdout) < 500


def test_what_reports_of_cells_say_is_bounded_together(sandbox: Sandbox) -> None:
    forged = """
import os, socket, stat
from grader.wire import message as wire
for descriptor in range(3, 64):
    try:
        if stat.S_ISSOCK(os.fstat(descriptor).st_mode):
            control = socket.socket(fileno=os.dup(descriptor))
    except OSError:
        pass
text = "\\U0001f600" * 20_000
for index in range(200):
    wire.send(control, {"cell": index, "status": "error", "error": text[:2_000], "stdout": text})
"""
    cells = ["x = 1"] * 199
    with ran(sandbox, *cells, forged, limits=PATIENT) as run:
        printed = sum(len(report.stdout) for report in run.reports.values())
        errors = sum(len(report.error) for report in run.reports.values())

    assert printed == PATIENT.output_kb * 1024
    assert errors == MAX_ERRORS
    assert len(run.reports) == 200
