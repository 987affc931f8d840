"""One test source, two ways to the learner's code: across the wall and in the learner's kernel."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.exceptions import NotFittedError

from grader.errors import LearnerError
from grader.exercises.source import SHADOWED
from grader.sandbox.limits import Ending, Limits
from grader.sandbox.sandbox import Sandbox
from grader.suite import standin
from grader.suite.behind import Submission
from grader.suite.handle import Handle
from grader.suite.here import InProcess
from grader.suite.notebook_run import NotebookRun
from grader.suite.standin import Stopped
from grader.wire import forms, raised

pytestmark = pytest.mark.sandbox

NOTEBOOK = """
import pandas as pd
from sklearn.base import BaseEstimator, TransformerMixin

THRESHOLD = 15
ended = limited = "the learner's own"

def double(x):
    return x * 2

def spoil(table, *, note=None):
    table["new"] = 1
    print("spoiling")
    import warnings
    warnings.warn("careful")
    return len(table)

def split(table, rules):
    passed = pd.Series(True, index=table.index)
    for name, rule in rules.items():
        passed &= rule(table)
    return table[passed], table[~passed]

class Scale(BaseEstimator, TransformerMixin):
    def __init__(self, factor=2):
        self.factor = factor
    def fit(self, X, y=None):
        self.columns_ = list(X.columns)
        return self
    def transform(self, X):
        return X * self.factor
    def __len__(self):
        return 7
    def __getitem__(self, key):
        return key

def count(n):
    yield from range(n)

def fail(kind):
    raise kind

def ask(text):
    if not isinstance(text, str):
        raise ValueError("a text, please")
    raise Odd("own class")

class Odd(Exception):
    pass

class BundleError(ValueError):
    pass

class StaleBundle(BundleError, LookupError):
    pass

class Silent(KeyError):
    def __str__(self):
        raise RuntimeError("no text")

class Liar(type):
    __name__ = property(lambda self: "KeyError")
    __module__ = property(lambda self: 5)
    __mro__ = property(lambda self: (KeyError, KeyboardInterrupt))

class Lying(ValueError, metaclass=Liar):
    pass

class Asserted(AssertionError):
    pass

def raise_own(name):
    raise {"ValueError": type("ValueError", (Exception,), {"__module__": "__main__"}),
           "long": type("x" * 10_000, (ValueError,), {}),
           "deep": deeper(ValueError, 20)}.get(name) or globals()[name]

def deeper(kind, times):
    return deeper(type("Deeper", (kind,), {}), times - 1) if times else kind

def raise_library(name):
    import decimal, json
    if name == "json":
        json.loads("{")
    if name == "decimal":
        decimal.Decimal("x")
    if name == "unicode":
        b"\\xff".decode("ascii")
    if name == "pandas":
        pd.read_csv(__import__("io").StringIO("a,b\\n1,2,3,4\\n1\\n1,2,3,4,5,6"), engine="c")
    if name == "sklearn":
        from sklearn.linear_model import LinearRegression
        LinearRegression().predict([[1]])

def leave(how):
    if how == "exit":
        raise SystemExit(0)
    if how == "generator":
        raise GeneratorExit
    class Both(ValueError, KeyboardInterrupt):
        pass
    raise Both("stop") if how == "both" else KeyboardInterrupt

def pair():
    return {"table": pd.DataFrame({"a": [1]}), "model": Scale()}

def deep():
    value = []
    for _ in range(500):
        value = [value]
    return value

def large():
    return bytes(80 * 2**20)

def caught(function):
    try:
        return function(1)
    except LookupError as error:
        return f"{type(error).__name__} is a LookupError: {error}"

def call_twice(function):
    return [function(1), function(n=2)]
"""

Open = Callable[[], AbstractContextManager[Any]]


@pytest.fixture(scope="module")
def behind(sandbox: Sandbox) -> Iterator[Open]:
    run = NotebookRun(sandbox, Limits(test_seconds=5), (), [(0, NOTEBOOK)])
    run.execute()
    assert run.reports[0].status == "ok", run.reports
    yield run.submission
    run.close()


@pytest.fixture(params=["across the wall", "in process"])
def submission(request: pytest.FixtureRequest, behind: Open) -> Iterator[Any]:
    if request.param == "in process":
        namespace: dict[str, Any] = {}
        exec(NOTEBOOK, namespace)
        yield InProcess(namespace)
        return
    with behind() as across:
        yield across


@pytest.fixture
def across(behind: Open) -> Iterator[Submission]:
    with behind() as submission:
        yield submission


def test_names_and_calls_give_plain_values(submission: Any) -> None:
    assert submission.THRESHOLD == 15
    assert submission.double("ab") == "abab"
    np.testing.assert_array_equal(submission.double(np.arange(3)), [0, 2, 4])


def test_a_missing_name_says_so(submission: Any) -> None:
    with pytest.raises(LearnerError, match="does not define treble"):
        submission.treble(3)


def test_a_missing_name_says_so_in_a_call_as_well(submission: Any) -> None:
    with pytest.raises(LearnerError, match="does not define treble"):
        submission.call("treble", 3)


def test_a_name_with_an_underscore_is_the_learners_own_affair(submission: Any) -> None:
    with pytest.raises(AttributeError):
        submission._ended_by_myself  # noqa: B018 - the question is the test
    with pytest.raises(AttributeError):
        submission.call("_helper", 3)


def test_what_runs_a_test_asks_under_no_name_of_the_learners(submission: Any) -> None:
    assert (submission.ended, submission.limited) == ("the learner's own", "the learner's own")
    assert standin.ended(submission) is None
    with standin.limited(submission):
        assert submission.ended == "the learner's own"


@pytest.mark.parametrize("kind", [InProcess, Submission])
def test_a_stand_in_has_no_names_but_those_that_exercises_may_not_use(kind: type) -> None:
    stand_in = kind({}) if kind is InProcess else kind(None)

    assert {name for name in dir(stand_in) if not name.startswith("_")} == SHADOWED


@pytest.mark.filterwarnings("ignore:careful")
def test_arguments_are_copies(submission: Any) -> None:
    table = pd.DataFrame({"a": [1, 2]})

    assert submission.spoil(table) == 2
    assert list(table.columns) == ["a"]


def test_a_call_tells_what_it_did(submission: Any) -> None:
    table = pd.DataFrame({"a": [1, 2]})

    call = submission.call("spoil", table, note="x")

    assert call.value == 2
    assert list(call.args[0].columns) == ["a", "new"]
    assert call.kwargs == {"note": "x"}
    assert call.stdout == "spoiling\n"
    assert call.warnings == ["UserWarning: careful"]
    assert call.seconds >= 0


WORK = """
import os, threading, time
clock = time.process_time
def work(seconds):
    begin = clock()
    while clock() - begin < seconds:
        pass
def in_a_thread(seconds):
    thread = threading.Thread(target=work, args=[seconds])
    thread.start()
    thread.join()
def in_a_child(seconds):
    if not (child := os.fork()):
        work(seconds)
        os._exit(0)
    os.waitpid(child, 0)
time.perf_counter = time.process_time = time.monotonic = lambda: 0.0
"""


def test_seconds_of_a_call_are_measured_where_its_code_cannot_lie(sandbox: Sandbox) -> None:
    run = NotebookRun(sandbox, Limits(), (), [(0, WORK)])
    run.execute()

    with run.submission() as submission:
        took = {
            name: submission.call(name, 0.3).seconds
            for name in ("work", "in_a_thread", "in_a_child")
        }
        nothing = submission.call("clock").seconds
    run.close()

    assert all(0.25 < seconds < 0.6 for seconds in took.values()), took
    assert nothing < 0.05


def test_functions_given_as_arguments_are_called_back(submission: Any) -> None:
    table = pd.DataFrame({"a": [1, 2, 3]})
    seen = []

    def rule(given: pd.DataFrame) -> pd.Series:
        seen.append(len(given))
        return given["a"] > 1

    clean, rejected = submission.split(table, {"more than one": rule})

    pd.testing.assert_frame_equal(clean, table.iloc[1:])
    pd.testing.assert_frame_equal(rejected, table.iloc[:1])
    assert seen == [3]
    assert submission.call_twice(lambda n: n + 1) == [2, 3]


def test_an_error_in_a_callback_reaches_the_learners_code(submission: Any) -> None:
    def refuse(_: int) -> int:
        raise KeyError("no")

    with pytest.raises(KeyError):
        submission.call_twice(refuse)


def test_the_learners_code_sees_an_error_in_a_callback_as_what_it_is(submission: Any) -> None:
    class Refused(LookupError):
        pass

    def refuse(_: int) -> int:
        raise Refused("no")

    assert submission.caught(refuse) == "Refused is a LookupError: no"


def test_estimators_work_with_the_library_beside_them(submission: Any) -> None:
    table = pd.DataFrame({"a": [1.0, 2.0]})
    scale = submission.Scale(factor=3)

    clone = submission.library("sklearn.base").clone(scale)
    pipeline = submission.library("sklearn.pipeline").Pipeline([("scale", clone)])
    result = pipeline.fit(table).transform(table)

    pd.testing.assert_frame_equal(result, table * 3)
    assert pipeline.named_steps["scale"].columns_ == ["a"]
    assert scale.get_params() == {"factor": 3}
    assert not hasattr(scale, "columns_")
    assert (len(scale), scale["key"]) == (7, "key")


def test_generators_are_iterated_where_they_are(submission: Any) -> None:
    assert list(submission.count(3)) == [0, 1, 2]


def test_exceptions_come_as_their_own_class_where_it_is_known(submission: Any) -> None:
    with pytest.raises(ValueError, match="a text, please"):
        submission.ask(3)


def test_containers_mix_data_and_handles(submission: Any) -> None:
    pair = submission.pair()

    pd.testing.assert_frame_equal(pair["table"], pd.DataFrame({"a": [1]}))
    assert pair["model"].factor == 2


def test_own_exceptions_come_as_learner_errors(across: Submission) -> None:
    with pytest.raises(LearnerError, match="Odd: own class") as caught:
        across.ask("x")

    assert caught.value.class_name == "Odd"


def test_an_exception_counts_as_what_it_is(submission: Any) -> None:
    for name, kinds in {
        "BundleError": (ValueError, Exception),
        "StaleBundle": (ValueError, LookupError),
        "Silent": (KeyError, LookupError),
        "Lying": (ValueError,),
        "Asserted": (AssertionError,),
        "long": (ValueError,),
        "deep": (ValueError,),
    }.items():
        for kind in kinds:
            with pytest.raises(kind) as caught:
                submission.raise_own(name)
            assert not isinstance(caught.value, LearnerError)


def test_an_own_class_keeps_its_name(submission: Any) -> None:
    with pytest.raises(ValueError) as caught:
        submission.raise_own("StaleBundle")

    assert type(caught.value).__name__ == "StaleBundle"
    assert caught.exconly().endswith("StaleBundle")


@pytest.mark.parametrize(
    ("name", "kind", "base"),
    [
        ("json", ValueError, ValueError),
        ("decimal", ArithmeticError, ArithmeticError),
        ("unicode", UnicodeDecodeError, ValueError),
        ("pandas", pd.errors.ParserError, ValueError),
        ("sklearn", NotFittedError, ValueError),
    ],
)
def test_a_librarys_exceptions_count_as_what_they_are(
    submission: Any, name: str, kind: type[Exception], base: type[Exception]
) -> None:
    with pytest.raises(kind):
        submission.raise_library(name)
    with pytest.raises(base, match=r"\w"):
        submission.raise_library(name)


def test_an_own_class_is_not_the_builtin_of_its_name(submission: Any) -> None:
    for kind in (ValueError, LookupError):
        with pytest.raises(Exception) as caught, contextlib.suppress(kind):
            submission.raise_own("ValueError")
        assert not isinstance(caught.value, kind)


@pytest.mark.parametrize("how", ["exit", "generator", "interrupt", "both"])
def test_what_would_end_more_than_a_test_is_an_error_of_the_test(
    across: Submission, how: str
) -> None:
    with pytest.raises(Exception) as caught:
        across.leave(how)

    assert not isinstance(caught.value, SystemExit | GeneratorExit | KeyboardInterrupt)
    assert isinstance(caught.value, ValueError if how == "both" else LearnerError)


@pytest.mark.parametrize(
    "names",
    [
        [["grader.suite.behind", "Stopped"]],
        [["_pytest.outcomes", "Skipped"], ["builtins", "BaseException"]],
        [["builtins", "KeyboardInterrupt"], ["builtins", "Exception"]],
        [["builtins", "SystemExit"], ["grader.suite.behind", "Stopped"]],
        [["builtins", "int"], ["builtins", "print"], ["os", "error"], ["builtins", "__import__"]],
        [["builtins", "OSError"], ["builtins", "UnicodeError"], ["builtins", "SyntaxError"]],
        [["__main__", "a\0b"], ["builtins", "ValueError"]],
        [["__main__", "x"], ["builtins", "ExceptionGroup"]],
        [["builtins", ["ValueError"]], 3, None, ["builtins"]],
        [["", ""], ["builtins.x", "ValueError"]],
        "ValueError",
        [],
    ],
)
def test_only_known_exceptions_are_made_of_names(names: Any) -> None:
    message, read = raised.read(["no", names])

    made = raised.again(message, read)

    assert made is None or isinstance(made, OSError)  # which is one without the others


def test_what_is_told_of_an_exception_is_bounded() -> None:
    kind: type[Exception] = ValueError
    for _ in range(50):
        kind = type("x" * 5000, (kind,), {"__module__": "y" * 5000})

    message, names = raised.told(kind("z" * 5000))

    assert len(message) == forms.MESSAGE
    assert len(names) <= 32
    assert {(len(module), len(name)) for module, name in names[:-4]} == {(forms.NAME, forms.NAME)}


NO_LIMITS = """
import sys
for module in [m for name, m in sys.modules.items() if name.startswith("grader.wire.")]:
    for name in ("NAME", "MESSAGE", "LINE", "STDOUT", "WARNING", "WARNINGS"):
        setattr(module, name, 10**6)
"""
LONG = """
import warnings
def say(length):
    print("s" * length, end="")
def stop(name, message):
    raise type("N" * name, (Exception,), {})("m" * message)
def warn(lines, length):
    for n in range(lines):
        warnings.warn("w" * (length - len("UserWarning: ")))
def named(length):
    return type("T" * length, (), {"__qualname__": "T" * length})()
"""


@pytest.mark.parametrize("inside", ["", NO_LIMITS], ids=["honest", "without limits of its own"])
@pytest.mark.parametrize("more", [0, 1])
def test_texts_cross_whole_up_to_their_limit(sandbox: Sandbox, inside: str, more: int) -> None:
    stop = f"stop({forms.NAME + more}, {forms.MESSAGE + more})"
    cells = [(0, LONG + inside), (1, f"say({forms.STDOUT + more})"), (2, stop)]
    run = NotebookRun(sandbox, Limits(), (), cells)
    run.execute()

    assert run.reports[1].stdout == "s" * forms.STDOUT
    assert len(run.reports[2].error) == forms.LINE
    with run.submission() as submission:
        said = submission.call("warn", forms.WARNINGS + more, forms.WARNING + more).warnings
        assert [len(line) for line in said] == [forms.WARNING] * forms.WARNINGS
        assert repr(submission.named(forms.NAME + more)).count("T") == forms.NAME
        with pytest.raises(LearnerError) as caught:
            submission.stop(forms.NAME + more, forms.MESSAGE + more)
        assert caught.value.class_name == "N" * forms.NAME
        assert str(caught.value).count("m") == forms.MESSAGE
    run.close()


def test_a_handle_never_looks_like_an_answer(submission: Any) -> None:
    handle = submission.pair()["model"]

    for compare in (
        lambda: handle == 1,
        lambda: handle != "x",
        lambda: handle < 3.5,
        lambda: handle - 1 == 0,
        lambda: 1 - handle == 0,
        lambda: bool(handle),
        lambda: handle in [1],
        lambda: [handle] == [1],
    ):
        with pytest.raises(TypeError, match="the learner's Scale"):
            compare()
    assert isinstance(handle, Handle)
    assert repr(handle) == "Scale()"


def test_values_too_deep_or_too_large_are_the_learners_error(across: Submission) -> None:
    for name in ("deep", "large"):
        with pytest.raises(LearnerError, match="WireError"):
            getattr(across, name)()
    assert across.double(1) == 2  # and the conversation goes on


def test_an_endless_generator_ends_with_the_test(sandbox: Sandbox) -> None:
    cells = [(0, "def forever():\n    while True:\n        yield 1")]
    run = NotebookRun(sandbox, Limits(test_seconds=1), (), cells)
    run.execute()

    with run.submission() as submission, pytest.raises(Stopped) as stopped:
        for _ in submission.forever():
            pass
    run.close()

    assert stopped.value.ended.ending is Ending.TIMEOUT


def test_a_stopped_submission_stays_stopped(behind: Open) -> None:
    with contextlib.suppress(Stopped), behind() as submission:
        with contextlib.suppress(Stopped):
            submission.library("os")._exit(0)
        with pytest.raises(Stopped):
            submission.double(1)
        ended = standin.ended(submission)
        assert ended is not None
        assert ended.ending is Ending.CRASHED


FORGERIES = {
    "another answer's id": "reply = {'id': 99, 'value': 1}",
    "no dict": "reply = [1]",
    "neither value nor error": "reply = {'id': 1}",
    "a malformed error": "reply = {'id': 1, 'error': 3}",
    "a callback that was never given": "reply = {'callback': 5, 'args': [], 'kwargs': {}}",
    "a callback that is none": "reply = {'callback': []}",
    "a handle that is none": "reply = {'id': 1, 'value': object()}",
}
FORGE = """
import os, socket, stat
from grader.wire import message as wire
{reply}
def keep(value):
    return "nonsense"
# The socket of the test that is running: the only one that this process has.
def forge():
    for descriptor in range(3, 64):
        try:
            if stat.S_ISSOCK(os.fstat(descriptor).st_mode):
                socket.socket(fileno=descriptor).sendall(wire.frame(reply, keep))
        except OSError:
            pass
    os._exit(0)
class Forged:
    @property
    def value(self):
        forge()
answer = Forged()
"""


@pytest.mark.parametrize("lie", FORGERIES)
def test_forged_replies_are_errors_of_the_learners(sandbox: Sandbox, lie: str) -> None:
    source = FORGE.format(reply=FORGERIES[lie])
    run = NotebookRun(sandbox, Limits(test_seconds=3), (), [(0, source)])
    run.execute()

    with pytest.raises((Stopped, LearnerError)), run.submission() as submission:
        assert submission.answer.value == 1
    run.close()
