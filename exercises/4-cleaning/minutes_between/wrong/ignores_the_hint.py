"""Never looks at the hint: a day late reads as on time.

rejected by: test_only_the_hint_makes_it_long, test_more_than_half_a_day_takes_a_hint,
test_a_rough_hint_is_enough, test_any_wait_is_found_with_a_rough_hint, test_real_flights_of_2013
"""


def minutes_between(sched, actual, hint=None):
    def minutes(readings):
        readings = readings.astype("Int64")
        return (readings // 100 * 60 + readings % 100).where(
            (readings.between(0, 2400) & (readings % 100 < 60)).fillna(False)
        )

    return 720 - (720 - minutes(actual) + minutes(sched)) % 1440
