"""Goes over to minutes, and lets the day begin anew at midnight.

rejected by: test_midnight_is_not_a_day, test_late_across_midnight,
test_any_wait_within_half_a_day_is_found, test_real_flights_of_2013
"""


def minutes_between(sched, actual, hint=None):
    def minutes(readings):
        readings = readings.astype("Int64")
        return (readings // 100 * 60 + readings % 100).where(
            (readings.between(0, 2400) & (readings % 100 < 60)).fillna(False)
        )

    return minutes(actual) - minutes(sched)
