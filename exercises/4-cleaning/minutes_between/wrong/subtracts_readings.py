"""Subtracts clock readings as if they were numbers.

rejected by: test_an_hour_has_sixty_minutes, test_midnight_is_not_a_day,
test_minutes_on_the_same_day, test_late_across_midnight, test_no_time_on_either_side_gives_null,
test_real_flights_of_2013
"""


def minutes_between(sched, actual, hint=None):
    return actual.astype("Int64") - sched.astype("Int64")
