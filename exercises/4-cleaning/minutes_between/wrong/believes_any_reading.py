"""Does not ask whether a reading is a time: 1267 becomes seven past one.

rejected by: test_a_reading_that_is_no_time_gives_null, test_no_time_on_either_side_gives_null
"""


def minutes_between(sched, actual, hint=None):
    start, end = sched.astype("Int64"), actual.astype("Int64")
    gap = (end // 100 * 60 + end % 100) - (start // 100 * 60 + start % 100)
    rough = 0 if hint is None else hint.astype("Int64").fillna(0)
    return 720 - (720 - gap + rough) % 1440 + rough
