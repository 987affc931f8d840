"""Works with two masks and puts them together at the end."""

import numpy as np
import pandas as pd


def make_target(flights, minutes, missing="bad"):
    match missing:
        case "bad" | "drop" | "unknown":
            pass
        case _:
            raise ValueError("missing must be bad, drop or unknown")
    delay = flights["arr_delay"].to_numpy(dtype="float64", na_value=np.nan)
    unknown = np.isnan(delay)
    late = np.where(unknown, missing == "bad", delay >= minutes).astype(bool)
    mask = unknown if missing == "unknown" else np.zeros(len(delay), dtype=bool)
    target = pd.Series(pd.arrays.BooleanArray(late, mask), index=flights.index, name="late")
    return target[~unknown] if missing == "drop" else target
