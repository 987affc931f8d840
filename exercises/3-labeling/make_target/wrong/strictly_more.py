"""Calls a flight late from one minute past the limit on.

rejected by: test_the_limit_is_the_one_asked_for, test_the_table_of_the_text
"""


def make_target(flights, minutes, missing="bad"):
    if missing not in ("bad", "drop", "unknown"):
        raise ValueError(missing)
    late = flights["arr_delay"].astype("Float64") > minutes
    if missing == "bad":
        return late.fillna(True)
    return late.dropna() if missing == "drop" else late
