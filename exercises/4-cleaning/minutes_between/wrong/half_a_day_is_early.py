"""Wraps from -720 up to, but without, 720: exactly twelve hours come out early.

rejected by: test_exactly_half_a_day_is_late, test_half_a_day_from_the_hint_is_the_later,
test_any_wait_within_half_a_day_is_found
"""


def minutes_between(sched, actual, hint=None):
    def minutes(readings):
        readings = readings.astype("Int64")
        return (readings // 100 * 60 + readings % 100).where(
            (readings.between(0, 2400) & (readings % 100 < 60)).fillna(False)
        )

    rough = 0 if hint is None else hint.astype("Int64").fillna(0)
    return (minutes(actual) - minutes(sched) - rough + 720) % 1440 - 720 + rough
