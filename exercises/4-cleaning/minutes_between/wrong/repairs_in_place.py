"""Turns 2400 into 0 in the caller's own columns.

rejected by: test_the_inputs_are_left_alone
"""


def minutes_between(sched, actual, hint=None):
    def minutes(readings):
        readings[readings == 2400] = 0
        readings = readings.astype("Int64")
        return (readings // 100 * 60 + readings % 100).where(
            (readings.between(0, 2359) & (readings % 100 < 60)).fillna(False)
        )

    rough = 0 if hint is None else hint.astype("Int64").fillna(0)
    return 720 - (720 - minutes(actual) + minutes(sched) + rough) % 1440 + rough
