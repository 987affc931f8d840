"""Returns a percentage, where a share from 0 to 1 is asked for.

rejected by: test_two_of_four_is_a_half, test_a_higher_limit_is_never_reached_more_often,
test_real_flights_of_2013
"""


def late_share(flights, minutes):
    known = flights["arr_delay"].dropna()
    return 100 * (known >= minutes).mean() if len(known) else None
