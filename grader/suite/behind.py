"""The stand-in for a notebook across the wall: it sends every question into the sandbox."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator
from typing import Any

from grader.errors import LearnerError
from grader.sandbox.channel import Channel
from grader.sandbox.limits import Ending, RunEnded
from grader.suite.standin import SourceOf, StandIn, Stopped, no_task

# Of our own processor, for what one test does with the answers; waiting for them costs nothing.
OWN_SECONDS = 10.0
_ANSWERS = {"error", "value", "missing", "stop"}


class Submission(StandIn):
    """Stand for the learner's notebook behind the wall."""

    def __init__(
        self,
        channel: Channel | None,
        ended: RunEnded | None = None,
        source_of: SourceOf = no_task,
        *,
        used: bool = False,
    ) -> None:
        super().__init__(source_of)
        self._channel: Any = channel  # None where it has ended already
        self._count = 0
        self._ended = ended  # read by standin.ended
        self._used = used  # its fork has answered an earlier test; read by standin.is_used
        if used:
            with contextlib.suppress(Stopped):  # the first question tells it once more
                self._reply("begin")

    @contextlib.contextmanager
    def _limited(self) -> Iterator[None]:
        """Stop a test whose answers were made to be worked on for hours; see standin.limited."""
        if threading.current_thread() is not threading.main_thread():
            yield  # signals are the main thread's alone
            return
        before = signal.signal(signal.SIGVTALRM, self._stop_test)
        signal.setitimer(signal.ITIMER_VIRTUAL, OWN_SECONDS)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
            signal.signal(signal.SIGVTALRM, before)

    def _stop_test(self, *_: object) -> None:
        note = f"its answers kept a test busy for more than {OWN_SECONDS:.3g} seconds"
        self._ended = RunEnded(Ending.TIMEOUT, note)
        raise Stopped(self._ended)

    def _close(self) -> None:
        """End the test: whoever kept one of its objects gets no more answers; see standin.close."""
        self._channel = None

    def _worked(self) -> float | None:
        return float(self._channel.worked()) if self._channel is not None else None

    def _reply(self, do: str, *arguments: Any) -> dict[str, Any]:
        if self._ended is not None:
            raise Stopped(self._ended)
        if self._channel is None:
            raise LearnerError("RuntimeError", "the test that the object was for is over")
        self._count += 1
        id = self._count  # a callback may ask in between
        try:
            self._channel.send({"id": id, "do": do, "with": list(arguments)}, self._keep)
            return self._answer(id)
        except RunEnded as ended:
            self._ended = ended
            raise Stopped(ended) from None

    def _answer(self, id: int) -> dict[str, Any]:
        while True:
            answer = self._channel.receive(self._found)
            if type(answer) is not dict:
                raise RunEnded(Ending.CRASHED, "it answered out of turn")
            if "callback" in answer:
                self._channel.send(self._call_back(answer), self._keep)
            elif not is_same(answer.get("id"), id) or not answer.keys() & _ANSWERS:
                raise RunEnded(Ending.CRASHED, "it answered out of turn")
            else:
                return answer


def is_same(said: Any, expected: int | str | bool) -> bool:
    """Compare with what came from inside: an array or a table there has no truth value."""
    return type(said) is type(expected) and said == expected
