"""Treats whatever is not "bad" or "drop" as "unknown".

rejected by: test_another_choice_is_refused
"""


def make_target(flights, minutes, missing="bad"):
    late = flights["arr_delay"].astype("Float64") >= minutes
    if missing == "bad":
        return late.fillna(True)
    return late.dropna() if missing == "drop" else late
