"""Well-formed messages that answer what was not asked, read by the `submission` of a test.

A hostile peer has put them into the socket before the test asks. Whatever they are, the test gets a
value or an exception, and what has no pass in it gets none.
"""

from __future__ import annotations

import contextlib
import json
import random
import socket
import warnings
from typing import Any

from grader.sandbox.channel import Channel
from grader.suite.behind import Submission
from grader.suite.standin import Call, Stopped, is_learners
from tests.fuzz import frames, mutate

HANDLE = {"t": "kept", "v": {"id": 0, "type": "x", "callable": True}}
GETS = {"t": "dict", "v": [["id", 1], ["value", HANDLE]]}


def _dict(**items: Any) -> dict[str, Any]:
    return {"t": "dict", "v": [[key, value] for key, value in items.items()]}


_ARRAY = {"t": "scalar", "v": {"d": "<i8", "s": [2], "b": 0}}
_DONE = {"warnings": [], "stdout": "", "seconds": 0.5}
ANSWERS = [
    _dict(id=2, value=1, args=[], kwargs=_dict(), **_DONE),
    _dict(id=2, value=HANDLE, args=[HANDLE], kwargs=_dict(a=1), **_DONE),
    _dict(id=2, error=["ValueError", "no"]),
    _dict(id=2, error=["KeyboardInterrupt", ""]),
    _dict(id=2, missing="x"),
    _dict(id=2, stop=True),
    _dict(callback=0, args=[1], kwargs=_dict()),
    _dict(callback=-1, args=[HANDLE], kwargs=_dict()),
    _dict(id=_ARRAY, value=1),
]
ODD = [*mutate.ODD, HANDLE, _ARRAY, "id", "callback", "error", "value", "args", 2, 3, _dict(id=2)]


def mutated(seed: int) -> bytes:
    """Damage an answer a few times, and put another one behind it."""
    chance = random.Random(seed)
    first, second = chance.choice(ANSWERS), chance.choice(ANSWERS)
    for _ in range(chance.randint(0, 4)):
        first = mutate.changed(first, second, chance, ODD)
    return json.dumps([first, second]).encode()


def check(data: bytes) -> str:
    """Ask, and get these answers; data is JSON: the list of the messages' headers."""
    ours, theirs = socket.socketpair()
    theirs.settimeout(5)
    for header in [GETS, *json.loads(data), _dict(id=2, value=0)]:
        theirs.sendall(frames.message(header, [b"\1" * 16]))
    theirs.shutdown(socket.SHUT_WR)
    channel = Channel(ours, frames.MAX_BYTES)
    channel.within(5)
    try:
        return _asked(Submission(channel))
    finally:
        channel.close()
        theirs.close()


def _asked(submission: Submission) -> str:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            call = submission.call("anything", lambda value: value)
            assert isinstance(call, Call)
            assert isinstance(call.seconds, float)
            assert all(isinstance(line, str) for line in [*call.warnings, call.stdout])
            with contextlib.suppress(Stopped, Exception):
                repr(call)  # asks an object what it is, and the peer may say anything, or nothing
        except AssertionError as error:
            if not is_learners(error):
                raise
        except Stopped:
            return "stopped"
        except Exception:  # noqa: BLE001 - the test fails, and earns nothing
            return "raised"
    return "read"
