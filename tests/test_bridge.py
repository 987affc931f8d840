"""One test source, two ways to the learner's code: across the wall and in the learner's kernel."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import numpy as np
import pandas as pd
import pytest

from grader.bridge import Handle, InProcess, NotebookRun, Stopped, Submission
from grader.errors import LearnerError
from grader.exercise import Limits
from grader.sandbox import Sandbox
from grader.score import Ending

pytestmark = pytest.mark.sandbox

NOTEBOOK = """
import pandas as pd
from sklearn.base import BaseEstimator, TransformerMixin

THRESHOLD = 15

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

def forever():
    while True:
        yield 1

def fail(kind):
    raise kind

def ask(text):
    if not isinstance(text, str):
        raise ValueError("a text, please")
    raise Odd("own class")

class Odd(Exception):
    pass

def pair():
    return {"table": pd.DataFrame({"a": [1]}), "model": Scale()}

def deep():
    value = []
    for _ in range(500):
        value = [value]
    return value

def large():
    return bytes(80 * 2**20)

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


def test_a_handle_never_looks_like_an_answer(across: Submission) -> None:
    handle = across.Scale()
    other = across.Scale()

    for compare in (
        lambda: handle == other,
        lambda: handle != other,
        lambda: handle < other,
        lambda: bool(handle),
        lambda: hash(handle),
        lambda: handle in [1],
    ):
        with pytest.raises(TypeError):
            compare()
    assert isinstance(handle, Handle)
    assert "Scale" in repr(handle)


def test_values_too_deep_or_too_large_are_the_learners_error(across: Submission) -> None:
    for name in ("deep", "large"):
        with pytest.raises(LearnerError, match="WireError"):
            getattr(across, name)()
    assert across.double(1) == 2  # and the conversation goes on


def test_an_endless_generator_ends_with_the_test(across: Submission) -> None:
    with pytest.raises(Stopped) as stopped:
        for _ in across.forever():
            pass

    assert stopped.value.ended.ending is Ending.TIMEOUT


def test_a_stopped_submission_stays_stopped(behind: Open) -> None:
    with contextlib.suppress(Stopped), behind() as submission:
        with contextlib.suppress(Stopped):
            submission.library("os")._exit(0)
        with pytest.raises(Stopped):
            submission.double(1)


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
from grader import wire
{reply}
def keep(value):
    return "nonsense"
# The socket of the test that is running: the only one that this process has.
def forge():
    for descriptor in range(3, 64):
        try:
            if stat.S_ISSOCK(os.fstat(descriptor).st_mode):
                wire.send(socket.socket(fileno=descriptor), reply, keep)
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
