"""The notebook's `check`, `grader check` and grading give the same verdict, in the same words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, nullcontext
from pathlib import Path
from typing import Any

import nbformat
import pytest
from jupyter_client.manager import KernelManager

from grader.errors import LearnerError
from grader.exercises import notebook
from grader.exercises.folder import Exercise, version
from grader.grading.desk import Desk
from grader.grading.job import Job
from grader.grading.marking import mark_submission
from grader.learners import start, whole
from grader.learners.shown import LATER, Checked
from grader.sandbox.limits import Limits
from grader.sandbox.sandbox import Sandbox
from grader.score.attempt import Outcome, TestResult
from grader.suite.here import InProcess
from grader.suite.notebook_run import PRELUDE, NotebookRun
from grader.suite.run import Suite
from tests.builders import written
from tests.commands import run

pytestmark = pytest.mark.sandbox

KERNEL_SECONDS = 60

NOTEBOOK = """
import collections, dataclasses, datetime, decimal, enum, fractions, pathlib, sys, uuid
import numpy as np
import pandas as pd

Point = collections.namedtuple("Point", "x y")

class Level(enum.IntEnum):
    LOW = 1
    HIGH = 2

class Color(enum.StrEnum):
    RED = "red"

class Shape(enum.Enum):
    ROUND = "o"

class Stack(list):
    def push(self, item):
        self.append(item)
        return self

class Tree(dict):
    pass

class Name(str):
    def shout(self):
        return self.upper() + "!"

class Celsius(float):
    pass

class Account:
    "Money of somebody's."
    def __init__(self, owner, balance=0):
        self.owner, self.balance = owner, balance
    def deposit(self, x):
        if x < 0:
            raise ValueError("negative")
        self.balance += x
        return self
    def __eq__(self, other):
        if isinstance(other, (int, float)):
            return self.balance == other
        return (self.owner, self.balance) == (other.owner, other.balance)
    def __hash__(self):
        return hash(self.balance)
    def __repr__(self):
        return f"Account({self.owner!r}, {self.balance})"
    def __format__(self, spec):
        return f"{self.balance:{spec}}"
    def __len__(self):
        return 3
    def __iter__(self):
        return iter([self.owner, self.balance])
    def __getitem__(self, key):
        return [self.owner, self.balance][key]
    def __add__(self, other):
        more = other.balance if isinstance(other, Account) else other
        return Account(self.owner, self.balance + more)
    __radd__ = __add__
    def __mul__(self, times):
        return Account(self.owner, self.balance * times)
    def __contains__(self, item):
        return item == self.owner
    def __enter__(self):
        return self
    def __exit__(self, *_):
        self.owner = "left"
        return True
    def __lt__(self, other):
        return self.balance < other.balance
    def __bool__(self):
        return self.balance > 0

@dataclasses.dataclass
class Pair:
    left: int
    right: int

class Yes:
    __hash__ = lambda self: 4
    __eq__ = __lt__ = __le__ = __gt__ = __ge__ = __contains__ = lambda *_: True
    __bool__ = lambda self: True
    __ne__ = lambda *_: False
    __sub__ = __rsub__ = lambda *_: 0.0

class Pretender(Yes):
    __class__ = property(lambda self: dict)
    __len__ = lambda self: 3

class YesInt(int):
    __hash__ = int.__hash__
    __eq__ = __lt__ = __le__ = __gt__ = __ge__ = lambda *_: True
    __ne__ = lambda *_: False
    __sub__ = __rsub__ = lambda *_: 0

class YesList(list):
    __eq__ = __contains__ = lambda *_: True
    __ne__ = lambda *_: False

def ask():
    number = int(input("number? "))
    print("thanks")
    return number + 1

def paused():
    breakpoint()
    return 1

def all_lines():
    return [line.strip() for line in sys.stdin]

def loop():
    inner = []
    inner.append(inner)
    return inner

def squares(n):
    for k in range(n):
        yield k * k

def age_group(ages):
    return pd.cut(ages, [0, 17, 64, 120])

def answer(n):
    return ANSWERS[n]()
"""

# What the learner's function returns, what a test says of it, and whether that holds.
ROWS: list[tuple[str, str, bool]] = [
    # plain data
    ("None", "got is None", True),
    ("True", "got is True", True),
    ("2**70", "got == 2**70 and type(got) is int", True),
    ("-0.0", "repr(got) == '-0.0'", True),
    ("float('nan')", "got != got", True),
    ("'é\\ud800'", "len(got) == 2", True),
    ("1 + 2j", "got == 1 + 2j and got.imag == 2", True),
    ("complex('nan')", "got.real != got.real", True),
    ("fractions.Fraction(1, 3)", "got * 3 == 1", True),
    ("decimal.Decimal('1.50')", "str(got) == '1.50'", True),
    ("b'ab'", "got == b'ab'", True),
    ("bytearray(b'ab')", "got == b'ab' and type(got) is bytearray", True),
    ("[1, (2, {3})]", "got == [1, (2, {3})]", True),
    ("{'a': {1: [2]}}", "got == {'a': {1: [2]}}", True),
    ("frozenset({1})", "got == {1} and type(got) is frozenset", True),
    ("range(1, 9, 2)", "got == range(1, 9, 2)", True),
    ("slice(1, None)", "got == slice(1, None)", True),
    ("...", "got is ...", True),
    ("uuid.UUID(int=5)", "got.int == 5", True),
    # the standard library's containers
    ("collections.Counter('aab')", "got.most_common(1) == [('a', 2)] and got['z'] == 0", True),
    ("collections.defaultdict(list, a=[1])", "got['b'] == [] and got['a'] == [1]", True),
    ("collections.defaultdict(lambda: 7, a=1)", "got == {'a': 1} and got['b'] == 7", True),
    ("collections.OrderedDict(b=1, a=2)", "list(got) == ['b', 'a']", True),
    ("collections.deque([1, 2], 2)", "got.maxlen == 2 and list(got) == [1, 2]", True),
    # times
    ("datetime.date(2013, 1, 2)", "got.month == 1", True),
    (
        "datetime.datetime(2013, 1, 2, tzinfo=datetime.UTC)",
        "got.isoformat()[-6:] == '+00:00'",
        True,
    ),
    ("datetime.time(1, 2, tzinfo=datetime.UTC)", "got.utcoffset().seconds == 0", True),
    ("datetime.timedelta(days=-1)", "got.total_seconds() == -86400", True),
    ("datetime.UTC", "got is datetime.UTC", True),
    # NumPy and pandas
    ("np.float64(0.5)", "got == pytest.approx(0.5)", True),
    ("np.arange(3)", "got.tolist() == [0, 1, 2]", True),
    ("np.array([Shape.ROUND, None], dtype=object)", "got[0].value == 'o'", True),
    ("pd.Timestamp('2013-01-02', tz='Europe/Berlin')", "got.hour == 0", True),
    ("pd.Timedelta('1h')", "got.total_seconds() == 3600", True),
    ("pd.NaT", "got is pd.NaT", True),
    ("pd.Interval(0, 1)", "0.5 in got and got.closed == 'right'", True),
    ("pd.Period('2013-01', 'M')", "got + 1 == pd.Period('2013-02', 'M')", True),
    ("pd.interval_range(0, 3)", "got.equals(pd.interval_range(0, 3))", True),
    ("pd.period_range('2013-01', periods=2, freq='Q')", "str(got[1]) == '2013Q2'", True),
    ("pd.Series([pd.Period('2013', 'Y')])", "str(got.dtype) == 'period[Y-DEC]'", True),
    ("age_group(pd.Series([5, 30]))", "got.astype(str).tolist() == ['(0, 17]', '(17, 64]']", True),
    ("pd.qcut([1, 2, 3], 3, labels=['a', 'b', 'c'])", "list(got) == ['a', 'b', 'c']", True),
    ("pd.Series([Color.RED, None], dtype=object)", "got[0] == 'red'", True),
    # of classes that extend plain ones
    ("Point(1, 2)", "got == (1, 2) and got.x == 1 and got._fields == ('x', 'y')", True),
    ("[Point(1, 2)]", "got == [(1, 2)]", True),
    ("{Point(1, 2): 3}", "got[1, 2] == 3", True),
    ("Level.HIGH", "got == 2 and got.name == 'HIGH' and got + 1 == 3", True),
    ("Level.HIGH", "got == submission.Level.HIGH and got is submission.Level.HIGH", True),
    ("[Level.HIGH, Level.LOW]", "sorted(got) == [1, 2]", True),
    ("Color.RED", "got == 'red' and {'red': 1}[got] == 1 and f'{got}' == 'red'", True),
    ("Shape.ROUND", "got == submission.Shape.ROUND and got.value == 'o'", True),
    ("{Shape.ROUND}", "len(got) == 1 and submission.Shape.ROUND in got", True),
    ("Stack([1]).push(2)", "got == [1, 2] and isinstance(got, list) and got[1] == 2", True),
    ("Stack([1])", "len(got.push(5)) == 2 and got == [1, 5] and 5 in got", True),
    ("Tree(a=1)", "got == {'a': 1} and dict(got) == {'a': 1}", True),
    ("Name('x')", "got + 'y' == 'xy' and got.shout() == 'X!' and str(got) == 'x'", True),
    ("Celsius(20.1)", "got == pytest.approx(20.1) and round(got) == 20", True),
    ("pathlib.Path('a/b.txt')", "got == pathlib.Path('a/b.txt') and got.suffix == '.txt'", True),
    ("pathlib.Path('/nowhere')", "not got.exists()", True),
    # objects
    ("None", "submission.Account('Jo', 5).deposit(3).balance == 8", True),
    ("None", "repr(submission.Account('Jo', 5)) == \"Account('Jo', 5)\"", True),
    ("None", "f\"{submission.Account('Jo', 5):03d}\" == '005'", True),
    ("None", "submission.Account('Jo', 5) == submission.Account('Jo', 5)", True),
    ("None", "submission.Account('Jo', 5) != submission.Account('Jo', 6)", True),
    ("None", "submission.Account('Jo', 5) == 5 and 6 != submission.Account('Jo', 5)", True),
    ("None", "hash(submission.Account('Jo', 5)) == 5", True),
    ("None", "(submission.Account('Jo', 5) + submission.Account('Al', 2)).balance == 7", True),
    ("None", "(submission.Account('Jo', 5) * 2).balance == 10", True),
    ("None", "sum([submission.Account('Jo', 5)], 2).balance == 7", True),
    ("None", "isinstance(submission.Account('Jo'), submission.Account)", True),
    ("None", "isinstance(5, submission.Account)", False),
    ("None", "'Jo' in submission.Account('Jo') and 'Al' not in submission.Account('Jo')", True),
    ("None", "list(submission.Account('Jo', 5)) == ['Jo', 5]", True),
    ("None", "len(submission.Account('Jo')) == 3 and submission.Account('Jo')[0] == 'Jo'", True),
    ("None", "submission.Account('Jo', 1) and not submission.Account('Jo')", True),
    ("None", "sorted(map(submission.Account, 'ab', [5, 2]))[0].balance == 2", True),
    ("None", "hasattr(submission.Account('x'), 'deposit')", True),
    ("None", "hasattr(submission.Account('x'), 'nothing')", False),
    ("None", "submission.Account.__name__ == 'Account'", True),
    ("None", "type(submission.Account('x')).__name__ == 'Account'", True),
    ("None", 'submission.Account.__doc__ == "Money of somebody\'s."', True),
    ("Pair(1, 2)", "got == submission.Pair(1, 2) and got.left == 1", True),
    ("Account('Jo', 5)", "got == 5", False),
    ("squares(3)", "next(got) == 0 and list(got) == [1, 4]", True),
    ("ValueError('no')", "str(got) == 'no' and got.args == ('no',)", True),
    # what says yes to everything
    ("Yes()", "got == 4", False),
    ("Yes()", "got < 4", False),
    ("Yes()", "4 in got", False),
    ("Yes()", "got in (4,)", False),
    ("Yes()", "got in {4}", False),
    ("Yes()", "got", False),
    ("Yes()", "abs(got - 4) < 1", False),
    ("Yes()", "got == pytest.approx(4)", False),
    ("[Yes()]", "got == [4]", False),
    ("Pretender()", "len(got) == 3", False),
    ("{'a': Yes()}", "got == {'a': 4}", False),
    ("YesInt(2)", "got == 4", False),
    ("YesInt(2)", "4 == got", False),
    ("YesInt(2)", "got < 1", False),
    ("YesInt(2)", "abs(4 - got) < 1", False),
    ("None", "pytest.approx(4) == submission.YesInt(2)", False),
    ("None", "submission.YesInt(2) == 4", False),
    ("YesList([1])", "got == [4] or 4 in got or got != [1]", False),
    # what cannot cross, or is too large
    ("pd.Index([Shape.ROUND])", "len(got) == 1", False),
    ("pd.Series([Shape.ROUND]).astype('category')", "len(got) == 1", False),
    ("{n: n for n in range(30_000)}", "len(got) == 30_000", False),
    ("list(range(1_100_000))", "got[0] == 0", False),
    ("2**20_000", "got > 0", False),
    ("bytes(65 * 2**20)", "len(got) > 0", False),
    ("np.array(['9999-12-31'], dtype='M8[D]')", "len(got) == 1", False),
    ("loop()", "len(got) == 1", False),
    # what reads what is typed
    ("None", "submission.call('ask', stdin='4\\n').value == 5", True),
    ("None", "submission.call('ask', stdin=['4']).stdout == 'thanks\\n'", True),
    ("None", "submission.call('all_lines', stdin=['a', 'b']).value == ['a', 'b']", True),
    ("None", "submission.ask() == 5", False),
    ("None", "submission.paused() == 1", False),
]
HEAD = """
import datetime, pathlib
import pandas as pd
import pytest
from grader import task
"""
ROW = '''
@task("answer")
def test_{n}(submission):
    """Row {n}."""
    got = submission.answer({n})
    assert {claim}

@task("answer")
def test_{n}_shown(submission):
    """Row {n}, shown."""
    pytest.fail(repr(submission.answer({n})))
'''

Door = AbstractContextManager[Any]


def source() -> str:
    answers = ", ".join(f"lambda: {answer}" for answer, _, _ in ROWS)
    return f"{NOTEBOOK}\nANSWERS = [{answers}]\n"


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Suite:
    file = tmp_path_factory.mktemp("doors") / "test_visible.py"
    rows = (ROW.format(n=n, claim=claim) for n, (_, claim, _) in enumerate(ROWS))
    file.write_text(HEAD + "".join(rows), encoding="utf-8")
    return Suite([file])


def through(suite: Suite, door: Door) -> dict[str, TestResult]:
    """Run the whole table on one stand-in."""
    with door as submission:
        return {
            result.name: result for result in suite.run(lambda *_, **__: nullcontext(submission))
        }


@pytest.fixture(scope="module")
def verdicts(suite: Suite, sandbox: Sandbox) -> dict[str, dict[str, TestResult]]:
    namespace: dict[str, Any] = {"__name__": "__main__"}
    exec(source(), namespace)
    found = {"check": through(suite, nullcontext(InProcess(namespace)))}
    with Sandbox({}, "none", prelude=PRELUDE) as bare:
        for name, box in (("grader check", bare), ("grader grade", sandbox)):
            with closing(NotebookRun(box, Limits(test_seconds=60), (), [(0, source())])) as tried:
                tried.execute()
                found[name] = through(suite, tried.submission())
                assert tried.ended is None, tried.ended
    return found


@pytest.mark.parametrize("n", range(len(ROWS)), ids=lambda n: f"{ROWS[n][0]}: {ROWS[n][1]}")
def test_every_door_gives_the_same_verdict(
    verdicts: dict[str, dict[str, TestResult]], n: int
) -> None:
    for name in (f"test_{n}", f"test_{n}_shown"):
        said = {door: (v[name].outcome, v[name].detail) for door, v in verdicts.items()}
        assert len(set(said.values())) == 1, said
    outcome, detail = said_of(verdicts, n)
    assert (outcome is Outcome.PASSED) is ROWS[n][2], detail


def said_of(verdicts: dict[str, dict[str, TestResult]], n: int) -> tuple[Outcome, str]:
    result = verdicts["grader grade"][f"test_{n}"]
    return result.outcome, result.detail


def test_what_cannot_cross_says_so_and_is_no_crash(
    verdicts: dict[str, dict[str, TestResult]],
) -> None:
    said = {answer: said_of(verdicts, n) for n, (answer, _, _) in enumerate(ROWS)}

    assert all(outcome is not Outcome.CRASHED for outcome, _ in said.values())
    assert said["pd.Index([Shape.ROUND])"][1] == (
        "What your code gave cannot be handed to a test: "
        "an index of Shape cannot cross; turn it into text."
    )
    for answer in ("bytes(65 * 2**20)", "2**20_000", "loop()", "{n: n for n in range(30_000)}"):
        assert said[answer][1].startswith("What your code gave cannot be handed to a test: ")


def test_what_waits_for_a_person_is_stopped_and_named(
    verdicts: dict[str, dict[str, TestResult]],
) -> None:
    waiting = {claim: said_of(verdicts, n)[1] for n, (_, claim, _) in enumerate(ROWS)}

    assert waiting["submission.ask() == 5"] == "Your code was stopped: it asked for input."
    assert waiting["submission.paused() == 1"] == (
        "Your code was stopped: it waited at a breakpoint()."
    )


def test_an_object_that_outlives_its_test_is_asked_nothing(sandbox: Sandbox) -> None:
    cells = [(0, "class Thing:\n    size = 3\n\ndef thing():\n    return Thing()")]
    with closing(NotebookRun(sandbox, Limits(), (), cells)) as tried:
        tried.execute()
        with tried.submission() as submission:
            kept = submission.thing()
            assert kept.size == 3

        with pytest.raises(LearnerError, match="is over"):
            kept.size  # noqa: B018 - asking is what is tried
        with tried.submission() as submission:
            assert submission.thing().size == 3


def test_a_test_made_in_a_with_is_never_swallowed(submission_of: Callable[[], Any]) -> None:
    account = submission_of().Account("Jo", 5)

    with pytest.raises(AssertionError, match="expected"), account as entered:
        assert entered.balance == 5
        raise AssertionError("expected")
    assert account.owner == "left"


@pytest.fixture
def submission_of() -> Iterator[Callable[[], Any]]:
    namespace: dict[str, Any] = {}
    exec(NOTEBOOK, namespace)
    yield lambda: InProcess(namespace)


# ---------------------------------------------------------------- programs that are no function

# The task, its answer, what its test does, and what is said of it: "" where it passes.
PROGRAMS: dict[str, tuple[str, str, str]] = {
    "greet": (
        'name = input("Who? ")\nprint(f"Hello, {name}!")',
        'call = submission.cell("greet", stdin="Ada\\n")\n'
        '    assert (call.stdout, call.value, call.args) == ("Hello, Ada!\\n", None, [])\n'
        '    assert submission.name == "Ada"',
        "",
    ),
    # Each test has names of its own.
    "fresh": (
        "",
        'with pytest.raises(LearnerError, match="define name"):\n        submission.name',
        "",
    ),
    "twice": (
        "past = [*globals().get('past', []), input()]\nprint(len(past))",
        'for count in "12":\n'
        '        assert submission.cell("twice", stdin=["a"]).stdout == f"{count}\\n"',
        "",
    ),
    "uses": (
        'greeting = "Hi"\ndef say():\n    print(greeting)',
        'assert submission.cell("uses").stdout == ""',
        "",
    ),
    "changes": (
        "greeting = input()\nsay()",
        'assert submission.cell("changes", stdin=["Moin"]).stdout == "Moin\\n"\n'
        '    assert submission.call("say").stdout == "Moin\\n"',
        "",
    ),
    "awaits": (
        "import asyncio\nasync def three():\n    await asyncio.sleep(0)\n    return 3\n"
        "print(await three())",
        'assert submission.cell("awaits").stdout == "3\\n"',
        "",
    ),
    "magic": (
        "%%capture seen\nprint(2)\n",
        'assert (submission.cell("magic").stdout, submission.seen.stdout) == ("", "2\\n")',
        "",
    ),
    "silent": ("3 + 4", 'assert submission.cell("silent").stdout == ""', ""),
    "checks": (
        'print(1)\ncheck("checks")',
        'assert submission.cell("checks").stdout == "1\\n"',
        "",
    ),
    "unfed": (
        "print(int(input()) + 1)",
        'submission.cell("unfed")',
        "Your code was stopped: it asked for input.",
    ),
    "underfed": (
        "print(input() + input())",
        'submission.cell("underfed", stdin="a\\n")',
        "Your code raised EOFError: EOF when reading a line\n"
        "in cell {cell}, line 1: print(input() + input())\n"
        'The test called submission.cell("underfed", stdin="a\\n")',
    ),
    "much": (
        'print("x" * int(input()))',
        'submission.cell("much", stdin="99000000")',
        "Your code was stopped: it printed more than allowed.",
    ),
    "divides": (
        "def half(x):\n    return 1 / x\nprint(half(int(input())))",
        'submission.cell("divides", stdin="0")',
        "Your code raised ZeroDivisionError: division by zero\n"
        "in cell {cell}, line 2: return 1 / x\n"
        'The test called submission.cell("divides", stdin="0")',
    ),
    "unwritten": ("", 'submission.cell("unwritten")', "This answer is not written yet."),
    "names": (  # what `check` ran in the kernel has left none of its own, and none is gone
        "print({'name', 'past', 'say'} & {*globals()})",
        'assert submission.cell("names").stdout == "{\'say\'}\\n"',
        "",
    ),
    "unknown": (
        "",
        'submission.cell("nuknown")',
        "grader.errors.ExerciseError: submission.cell('nuknown'): "
        "no task of this exercise with that name is answered in code",
    ),
}


def programs(root: Path) -> Exercise:
    """Write an exercise whose tasks are the programs."""
    spec = 'title = "Programs"\nsummary = "Ask."\ndifficulty = 1\nminutes = 10\n'
    cells = "# %%\nfrom grader import check, hint, load\n"
    tests = "import pytest\nfrom grader import LearnerError, task\n"
    for name, (_, body, _) in PROGRAMS.items():
        spec += f'\n[[tasks]]\nname = "{name}"\npoints = 1\nhints = ["a", "b", "c"]\n'
        cells += f'\n# %% task="{name}"\n### BEGIN SOLUTION\nprint(1)\n### END SOLUTION\n'
        tests += (
            f'\n@task("{name}")\ndef test_{name}(submission):\n    """It runs."""\n    {body}\n'
        )
    return written(
        root, "0-start/programs", spec=spec, notebook=cells, visible=tests, hidden="HIDDEN = 1\n"
    )


def handed_in(exercise: Exercise, root: Path) -> Path:
    """Start the exercise as a learner does, and write the answers."""
    path = start.start(root, exercise.slug, root / "mine")
    made = notebook.release(exercise)
    for cell in made.cells:
        answer = PROGRAMS.get(cell.metadata.grader.get("task", ""), ("", "", ""))[0]
        if cell.metadata.grader.origin == "answer" and answer:
            cell.source = answer
    path.write_bytes(notebook.dumps(made))
    return path


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """Return what each door says of the programs."""
    root = tmp_path_factory.mktemp("programs")
    exercise = programs(root)
    path = handed_in(exercise, root)
    checked = whole.check_notebook(root, exercise.slug, path).tasks
    job = Job(exercise, "ada", path, "-", version(exercise, root))
    with closing(Desk(root, [exercise], "bubblewrap")) as desk:
        graded = mark_submission(job, desk).attempt.tasks
    done = run("jupyter", "execute", "--inplace", "--allow-errors", path.name, cwd=path.parent)
    assert done.returncode == 0, done.stderr
    cells = nbformat.read(path, as_version=4).cells[2::2]
    shown = [cell.outputs[-1]["data"]["text/plain"] for cell in cells]
    return {
        "check": [re.sub(r"Cell In\[(\d+)\]", r"cell \1", text) for text in shown],
        "grader check": [str(task) for task in checked],
        "grader grade": [str(Checked(task.task, task.tests)) for task in graded],
    }


@pytest.mark.parametrize("task", PROGRAMS)
def test_a_program_is_run_in_the_same_way_at_every_door(
    told: dict[str, list[str]], task: str
) -> None:
    number = [*PROGRAMS].index(task)
    said = {door: texts[number] for door, texts in told.items()}

    assert len(set(said.values())) == 1, said
    reason = PROGRAMS[task][2].replace("{cell}", str(2 + 2 * number))
    assert (reason or LATER) in said["check"].replace("\n      ", "\n")


@pytest.fixture
def kernel(tmp_path: Path) -> Iterator[Callable[..., str]]:
    """Give a function that runs code in a kernel, as the cell of that id; returns what it said."""
    folder = handed_in(programs(tmp_path), tmp_path).parent
    manager = KernelManager(kernel_name="python3")
    manager.start_kernel(cwd=folder)
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=KERNEL_SECONDS)

    def execute(code: str, id: str = "") -> str:
        # What JupyterLab sends; the client's own `execute` tells no id.
        content = {"code": code, "silent": False, "store_history": True, "allow_stdin": False}
        asked = {"user_expressions": {"said": "str(globals().get('said'))"}}
        message = client.session.msg("execute_request", {**content, **asked})
        message["metadata"] = {"cellId": id} if id else {}
        client.shell_channel.send(message)
        reply = client.get_shell_msg(timeout=KERNEL_SECONDS)
        while reply["parent_header"]["msg_id"] != message["header"]["msg_id"]:
            reply = client.get_shell_msg(timeout=KERNEL_SECONDS)
        return str(reply["content"]["user_expressions"]["said"]["data"]["text/plain"])

    yield execute
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def test_the_cell_that_was_run_counts_and_not_what_was_saved_before(
    kernel: Callable[..., str],
) -> None:
    def checked() -> str:
        return kernel('said = check("silent")')

    kernel("from grader import check")
    assert "the cell of silent as it was run; save the notebook" in checked()
    kernel("print(1)")  # some cell that the file does not have yet
    assert "the cell of silent as it was run; save the notebook" in checked()
    kernel("3 + 4")  # as in the file
    assert "1 of 1 visible tests pass" in checked()
    kernel("print(5)", id="programs-silent")
    assert "assert '5\\\\n' == ''" in checked()
