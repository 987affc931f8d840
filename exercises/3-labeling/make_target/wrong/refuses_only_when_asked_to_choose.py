"""Looks at the choice only when it meets a null: the typo waits for the first cancelled flight.

rejected by: test_another_choice_is_refused
"""


def make_target(flights, minutes, missing="bad"):
    late = flights["arr_delay"].astype("Float64") >= minutes
    if late.isna().any() and missing not in ("bad", "drop", "unknown"):
        raise ValueError(missing)
    if missing == "bad":
        return late.fillna(True)
    return late.dropna() if missing == "drop" else late
