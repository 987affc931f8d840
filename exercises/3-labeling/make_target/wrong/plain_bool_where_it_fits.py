"""Returns bool, boolean or object, whichever comes out.

rejected by: test_the_dtype_is_always_boolean, test_no_flights_give_no_answers,
test_the_dtype_can_hold_a_null
"""

import pandas as pd


def make_target(flights, minutes, missing="bad"):
    if missing not in ("bad", "drop", "unknown"):
        raise ValueError(missing)
    delay = flights["arr_delay"]
    if missing == "drop":
        return delay.dropna() >= minutes
    if missing == "bad":
        return (delay >= minutes) | delay.isna()
    return delay.map(lambda minute: pd.NA if pd.isna(minute) else bool(minute >= minutes))
