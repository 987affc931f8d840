"""Drops the unknown flights from the caller's own table.

rejected by: test_the_table_is_left_alone
"""


def late_share(flights, minutes):
    flights.dropna(subset=["arr_delay"], inplace=True)
    if flights.empty:
        return float("nan")
    return (flights["arr_delay"] >= minutes).mean()
