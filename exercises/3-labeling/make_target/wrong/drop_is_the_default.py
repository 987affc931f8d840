"""Leaves out what has no delay unless it is told otherwise.

rejected by: test_bad_is_the_default, test_bad_counts_flights_that_never_arrived
"""


def make_target(flights, minutes, missing="drop"):
    if missing not in ("bad", "drop", "unknown"):
        raise ValueError(missing)
    late = flights["arr_delay"].astype("Float64") >= minutes
    if missing == "bad":
        return late.fillna(True)
    return late.dropna() if missing == "drop" else late
