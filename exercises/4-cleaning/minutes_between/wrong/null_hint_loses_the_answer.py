"""Lets a null hint make the answer null.

rejected by: test_a_null_hint_is_no_hint, test_the_columns_may_differ_in_type,
test_rows_keep_their_labels
"""


def minutes_between(sched, actual, hint=None):
    def minutes(readings):
        readings = readings.astype("Int64")
        return (readings // 100 * 60 + readings % 100).where(
            (readings.between(0, 2400) & (readings % 100 < 60)).fillna(False)
        )

    rough = 0 if hint is None else hint.astype("Int64")
    return 720 - (720 - minutes(actual) + minutes(sched) + rough) % 1440 + rough
