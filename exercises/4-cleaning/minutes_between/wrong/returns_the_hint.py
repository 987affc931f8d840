"""Hands the hint back wherever there is one, though it is only rough.

rejected by: test_only_the_hint_makes_it_long, test_a_rough_hint_is_enough,
test_no_time_on_either_side_gives_null, test_any_wait_is_found_with_a_rough_hint
"""


def minutes_between(sched, actual, hint=None):
    def minutes(readings):
        readings = readings.astype("Int64")
        return (readings // 100 * 60 + readings % 100).where(
            (readings.between(0, 2400) & (readings % 100 < 60)).fillna(False)
        )

    gap = 720 - (720 - minutes(actual) + minutes(sched)) % 1440
    return gap if hint is None else hint.astype("Int64").fillna(gap)
