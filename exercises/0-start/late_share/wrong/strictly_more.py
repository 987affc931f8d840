"""Uses > where the contract says "at least".

rejected by: test_exactly_that_many_minutes_is_late, test_the_limit_is_the_one_asked_for,
test_real_flights_of_2013
"""


def late_share(flights, minutes):
    known = flights["arr_delay"].dropna()
    return (known > minutes).mean() if len(known) else None
