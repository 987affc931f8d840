"""Drops the flights with a null in any column, not only those without an arrival delay.

rejected by: test_other_columns_have_no_say
"""


def late_share(flights, minutes):
    known = flights.dropna()
    if len(known) == 0:
        return float("nan")
    return (known["arr_delay"] >= minutes).sum() / len(known)
