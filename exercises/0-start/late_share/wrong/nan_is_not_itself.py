"""Finds nulls with `delay == delay`, which works for NaN and raises for pd.NA.

rejected by: test_nullable_columns_mean_the_same, test_nothing_known_has_no_share
"""


def late_share(flights, minutes):
    known = [delay for delay in flights["arr_delay"] if delay == delay]
    if not known:
        return float("nan")
    return sum(delay >= minutes for delay in known) / len(known)
