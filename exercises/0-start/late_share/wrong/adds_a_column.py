"""Stores its working in a new column of the caller's table.

rejected by: test_the_table_is_left_alone
"""


def late_share(flights, minutes):
    flights["late"] = flights["arr_delay"] >= minutes
    known = flights[flights["arr_delay"].notna()]
    return known["late"].mean() if len(known) else float("nan")
