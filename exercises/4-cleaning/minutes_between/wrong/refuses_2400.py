"""Takes 2400 for a mistake, since hours go from 0 to 23.

rejected by: test_2400_is_midnight, test_2400_counts_as_midnight_on_both_sides,
test_real_flights_of_2013
"""


def minutes_between(sched, actual, hint=None):
    def minutes(readings):
        readings = readings.astype("Int64")
        return (readings // 100 * 60 + readings % 100).where(
            (readings.between(0, 2359) & (readings % 100 < 60)).fillna(False)
        )

    rough = 0 if hint is None else hint.astype("Int64").fillna(0)
    return 720 - (720 - minutes(actual) + minutes(sched) + rough) % 1440 + rough
