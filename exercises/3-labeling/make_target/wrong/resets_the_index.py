"""Numbers the rows anew, so that the target no longer fits its flights.

rejected by: test_drop_drops_those_and_no_others, test_any_table_row_by_row
"""


def make_target(flights, minutes, missing="bad"):
    if missing not in ("bad", "drop", "unknown"):
        raise ValueError(missing)
    late = flights["arr_delay"].astype("Float64") >= minutes
    if missing == "bad":
        late = late.fillna(True)
    elif missing == "drop":
        late = late.dropna()
    return late.reset_index(drop=True)
