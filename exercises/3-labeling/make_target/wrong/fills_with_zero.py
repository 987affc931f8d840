"""Fills the gaps with 0, so that a cancelled flight is perfectly on time.

rejected by: test_bad_counts_flights_that_never_arrived, test_the_table_of_the_text,
test_real_flights_of_2013
"""


def make_target(flights, minutes, missing="bad"):
    if missing not in ("bad", "drop", "unknown"):
        raise ValueError(missing)
    late = (flights["arr_delay"].fillna(0) >= minutes).astype("boolean")
    known = flights["arr_delay"].notna()
    if missing == "drop":
        return late[known]
    return late.where(known) if missing == "unknown" else late
