"""Puts the target into the caller's table as a new column.

rejected by: test_the_table_is_left_alone
"""


def make_target(flights, minutes, missing="bad"):
    if missing not in ("bad", "drop", "unknown"):
        raise ValueError(missing)
    flights["late"] = flights["arr_delay"].astype("Float64") >= minutes
    if missing == "bad":
        return flights["late"].fillna(True)
    return flights["late"].dropna() if missing == "drop" else flights["late"]
