"""Compares first: NaN >= 15 is False, so "unknown" can no longer be told from "on time".

rejected by: test_unknown_stays_unknown, test_bad_counts_flights_that_never_arrived,
test_drop_drops_those_and_no_others, test_the_table_of_the_text
"""


def make_target(flights, minutes, missing="bad"):
    if missing not in ("bad", "drop", "unknown"):
        raise ValueError(missing)
    late = (flights["arr_delay"].astype("float64") >= minutes).astype("boolean")
    if missing == "bad":
        return late.fillna(True)
    return late.dropna() if missing == "drop" else late
