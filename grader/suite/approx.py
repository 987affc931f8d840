"""`pytest.approx` that an empty answer does not satisfy, for as long as a test runs.

pytest (9.2) compares an array with `approx(number)` element by element and asks whether all are
close. Of none all are: an empty array is approximately every number. A number is compared with
`approx(array)` in the same way, and pandas compares itself with either, element by element. Here
what has a dimension is never approximately a number, in whatever order the two stand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest

from grader.suite.handle import plain

# Above that of pandas' tables: they leave the comparison to us, as NumPy's arrays do anyway.
_PRIORITY = 10_000


@contextmanager
def shapes_agree() -> Iterator[None]:
    """Have `approx` compare numbers with numbers and arrays with arrays; afterwards as before.

    Its classes are pytest's own affair, so they are taken from what it returns.
    """
    import numpy as np

    number = type(pytest.approx(0))
    span = type(pytest.approx(timedelta(0), abs=timedelta(0)))
    array = type(pytest.approx(np.zeros(1)))
    with pytest.MonkeyPatch.context() as patch:
        for kind, differ in ((number, _is_array), (span, _is_array), (array, _is_number)):
            patch.setattr(kind, "__eq__", _unless(differ, kind.__eq__))
            patch.setattr(kind, "__pandas_priority__", _PRIORITY, raising=False)
        yield


def _unless(
    differ: Callable[[Any, Any], bool], close: Callable[[Any, Any], bool]
) -> Callable[[Any, Any], bool]:
    def agrees(approx: Any, actual: Any) -> bool:
        # Else the object itself would be asked how far it is from what is expected.
        value = plain(actual)
        return not differ(approx, value) and close(approx, value)

    return agrees


def _is_array(_: Any, actual: Any) -> bool:
    import numpy as np

    like_an_array = hasattr(actual, "__array__") or hasattr(actual, "__array_interface__")
    return like_an_array and np.ndim(np.asarray(actual)) > 0


def _is_number(approx: Any, actual: Any) -> bool:
    import numpy as np

    return approx.expected.ndim > 0 and np.isscalar(actual)
