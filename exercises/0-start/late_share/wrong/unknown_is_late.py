"""Treats a cancelled flight as as late as can be.

rejected by: test_an_unknown_delay_is_left_out, test_an_unknown_delay_is_not_on_time,
test_nothing_known_has_no_share
"""


def late_share(flights, minutes):
    return (flights["arr_delay"].fillna(9999) >= minutes).mean()
