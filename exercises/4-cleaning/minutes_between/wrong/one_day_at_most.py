"""Adds one day when the hint is over twelve hours: rough, early and longer waits go wrong.

rejected by: test_more_than_half_a_day_takes_a_hint, test_a_rough_hint_is_enough,
test_half_a_day_from_the_hint_is_the_later, test_any_wait_is_found_with_a_rough_hint
"""


def minutes_between(sched, actual, hint=None):
    def minutes(readings):
        readings = readings.astype("Int64")
        return (readings // 100 * 60 + readings % 100).where(
            (readings.between(0, 2400) & (readings % 100 < 60)).fillna(False)
        )

    gap = 720 - (720 - minutes(actual) + minutes(sched)) % 1440
    if hint is None:
        return gap
    return gap + 1440 * (hint.astype("Int64").fillna(0) > 720).astype("Int64")
