"""Counts a flight without a delay as on time: a null becomes 0, and all rows are divided by.

rejected by: test_an_unknown_delay_is_left_out, test_an_unknown_delay_is_not_on_time,
test_order_and_unknown_rows_change_nothing, test_real_flights_of_2013,
test_row_labels_do_not_matter
"""


def late_share(flights, minutes):
    if flights["arr_delay"].notna().sum() == 0:
        return float("nan")
    late = flights["arr_delay"].fillna(0) >= minutes
    return late.mean()
