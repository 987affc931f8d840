"""Adds a day to every negative difference: nobody is ever early.

rejected by: test_midnight_is_not_a_day, test_only_the_hint_makes_it_long, test_early_stays_early,
test_real_flights_of_2013
"""


def minutes_between(sched, actual, hint=None):
    def minutes(readings):
        readings = readings.astype("Int64")
        return (readings // 100 * 60 + readings % 100).where(
            (readings.between(0, 2400) & (readings % 100 < 60)).fillna(False)
        )

    gap = minutes(actual) - minutes(sched)
    return gap.mask((gap < 0).fillna(False), gap + 1440)
