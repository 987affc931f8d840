"""Checks hours and minutes apart: hour 24 is allowed because of 2400, and 2401 comes in with it.

rejected by: test_no_time_on_either_side_gives_null
"""


def minutes_between(sched, actual, hint=None):
    def minutes(readings):
        readings = readings.astype("Int64")
        hours, minutes = readings // 100, readings % 100
        return (hours * 60 + minutes).where((hours.between(0, 24) & (minutes < 60)).fillna(False))

    rough = 0 if hint is None else hint.astype("Int64").fillna(0)
    return 720 - (720 - minutes(actual) + minutes(sched) + rough) % 1440 + rough
