"""The stand-in for a notebook in this very process: the learner's own kernel."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from grader.sandbox.limits import Limits
from grader.suite import standin
from grader.suite.standin import SourceOf, StandIn, no_task
from grader.wire import location, message
from grader.wire.questions import Questions, fed

_LIMITS = Limits()
_MAX_BYTES = _LIMITS.message_mb * 2**20


@contextmanager
def opened(namespace: dict[str, Any], source_of: SourceOf) -> Iterator[InProcess]:
    """Open one test's stand-in for the notebook that has these names."""
    submission = InProcess(namespace, source_of)
    try:
        yield submission
    finally:
        standin.close(submission)


class InProcess(StandIn):
    """Answer a test's questions from a namespace of this very process: the learner's kernel.

    Questions and answers are written and read as across the wall; only what plain calls print is
    shown.
    """

    def __init__(self, namespace: dict[str, Any], source_of: SourceOf = no_task) -> None:
        super().__init__(source_of)
        self._questions = _Questions(self, namespace)
        self._before: dict[str, Any] | None = None  # the names, before the first cell was run

    def _close(self) -> None:
        """Give the notebook its names back, which a cell may have given anew; see standin.close."""
        if self._before is not None:
            space, before = self._questions.space, self._before
            for name in space.keys() - before.keys():
                del space[name]
            space.update(before)

    def _reply(self, do: str, *arguments: Any) -> dict[str, Any]:
        if do == "cell" and self._before is None:
            self._before = dict(self._questions.space)
        question = message.crossing({"id": 0, "do": do, "with": arguments}, self._keep, _MAX_BYTES)
        with fed(""):
            said = self._questions.answer(_read(question, self._questions.found))
        return dict(_read(said, self._found))


class _Questions(Questions):
    """Answer the questions of a stand-in beside it."""

    def __init__(self, asking: InProcess, namespace: dict[str, Any]) -> None:
        super().__init__(namespace, _MAX_BYTES, _LIMITS.output_kb * 1024, location.by_prompt)
        self.asking = asking

    def failed(self, request: dict[str, Any], error: BaseException) -> bytes:
        if isinstance(error, KeyboardInterrupt):
            raise error  # whoever sits before it wants it to end
        return super().failed(request, error)

    def asked_back(self, question: bytes) -> dict[str, Any]:
        answer = self.asking._call_back(_read(question, self.asking._found))
        said = message.crossing(answer, self.asking._keep, self.max_bytes)
        return dict(_read(said, self.found))


def _read(framed: bytes, found: Any) -> Any:
    return message.unframe(io.BytesIO(framed).read, len(framed), found)
