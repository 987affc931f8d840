"""pandas' intervals and periods to inert forms and back: one of them, and columns of them.

A column's ends are columns themselves; how these are written and read is given.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

from grader.wire.forms import PERIOD, WireError

CLOSED = {"left", "right", "both", "neither"}
_NO_TIME = -(2**63)


def write(value: Any, encode: Callable[[Any], Any]) -> Any:
    """Return the form of one interval or period, else None."""
    import pandas as pd

    if type(value) is pd.Interval:
        return {"t": "interval", "v": [encode(value.left), encode(value.right)], "c": value.closed}
    if type(value) is pd.Period and PERIOD.fullmatch(value.freqstr):
        return {"t": "period", "v": value.ordinal, "f": value.freqstr}
    return None


def write_column(
    values: Any, column: Callable[[Any], Any], array: Callable[[Any], Any]
) -> dict[str, Any] | None:
    """Return the form of a column of intervals or periods, else None."""
    import numpy as np
    import pandas as pd

    if isinstance(values.dtype, pd.IntervalDtype):
        ends = {"l": column(values.left.array), "r": column(values.right.array)}
        return {"c": "interval", **ends, "closed": values.closed}
    if isinstance(values.dtype, pd.PeriodDtype) and PERIOD.fullmatch(values.freqstr):
        return {"c": "period", "v": array(np.asarray(values.asi8)), "f": values.freqstr}
    return None


def read_interval(form: dict[str, Any], value: Callable[[Any], Any]) -> Any:
    """Read an interval between two ends that are numbers, moments or spans."""
    import numpy as np
    import pandas as pd

    left, right = map(value, form["v"])
    plain = (int, float, np.number, pd.Timestamp, pd.Timedelta)
    known = all(issubclass(type(end), plain) for end in (left, right))
    if not known or form["c"] not in CLOSED:
        raise WireError("the message has a malformed interval")
    return pd.Interval(left, right, closed=form["c"])


def read_intervals(form: dict[str, Any], column: Callable[[Any], Any]) -> Any:
    """Read a column of intervals."""
    import numpy as np
    import pandas as pd

    left, right = column(form["l"]), column(form["r"])
    if form["closed"] not in CLOSED or any(np.dtype(object) == end.dtype for end in (left, right)):
        raise WireError("the message has malformed intervals")
    return pd.arrays.IntervalArray.from_arrays(left, right, closed=form["closed"])


def read_period(form: dict[str, Any]) -> Any:
    """Read a period of a known frequency."""
    import numpy as np

    return read_periods(np.array([form["v"]], dtype="i8"), form["f"])[0]


def read_periods(ordinals: Any, frequency: Any) -> Any:
    """Read a column of periods, all within the calendar."""
    import pandas as pd

    if ordinals.dtype != "i8" or ordinals.ndim != 1 or not PERIOD.fullmatch(frequency):
        raise WireError("the message has malformed periods")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # pandas would rather do without "B"
        dtype = pd.PeriodDtype(frequency)
        if not frequency.endswith("ns"):  # those cannot be outside
            first, last = (
                pd.Period(day, frequency).ordinal for day in ("0001-01-02", "9999-12-30")
            )
            there = ordinals[ordinals != _NO_TIME]
            if not ((there >= first) & (there <= last)).all():
                raise WireError("the message has a period outside the calendar")
        return pd.arrays.PeriodArray(ordinals, dtype=dtype)
