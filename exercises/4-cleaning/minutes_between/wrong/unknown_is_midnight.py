"""Fills missing and impossible readings with 0, which is a time: midnight.

rejected by: test_a_reading_that_is_no_time_gives_null, test_null_readings_give_null,
test_no_time_on_either_side_gives_null, test_real_flights_of_2013
"""


def minutes_between(sched, actual, hint=None):
    def minutes(readings):
        readings = readings.fillna(0).astype("int64")
        valid = readings.between(0, 2400) & (readings % 100 < 60)
        return (readings // 100 * 60 + readings % 100).where(valid, 0)

    rough = 0 if hint is None else hint.astype("Int64").fillna(0)
    return 720 - (720 - minutes(actual) + minutes(sched) + rough) % 1440 + rough
