"""Drops every row that has a null anywhere, as df.dropna() does.

rejected by: test_drop_drops_those_and_no_others, test_any_table_row_by_row
"""


def make_target(flights, minutes, missing="bad"):
    if missing not in ("bad", "drop", "unknown"):
        raise ValueError(missing)
    if missing == "drop":
        flights = flights.dropna()
    late = flights["arr_delay"].astype("Float64") >= minutes
    return late.fillna(True) if missing == "bad" else late
