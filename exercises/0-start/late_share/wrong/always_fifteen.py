"""Writes the usual 15 minutes into the function and ignores the parameter.

rejected by: test_the_limit_is_the_one_asked_for, test_a_higher_limit_is_never_reached_more_often,
test_real_flights_of_2013
"""


def late_share(flights, minutes):
    known = flights["arr_delay"].dropna()
    return (known >= 15).mean() if len(known) else None
