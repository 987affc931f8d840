"""The stand-in for a notebook in this very process: the learner's own kernel."""

from __future__ import annotations

import io
from typing import Any

from grader.sandbox.limits import Limits
from grader.suite.standin import StandIn
from grader.wire import location, message
from grader.wire.questions import Questions, fed

_LIMITS = Limits()
_MAX_BYTES = _LIMITS.message_mb * 2**20


class InProcess(StandIn):
    """Answer a test's questions from a namespace of this very process: the learner's kernel.

    Questions and answers are written and read as across the wall; only what plain calls print is
    shown.
    """

    def __init__(self, namespace: dict[str, Any]) -> None:
        super().__init__()
        self._questions = _Questions(self, namespace)

    def _reply(self, do: str, *arguments: Any) -> dict[str, Any]:
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
