"""Collects the answers in a list and gives them row numbers from 0.

rejected by: test_rows_keep_their_labels
"""

import pandas as pd


def minutes_between(sched, actual, hint=None):
    hints = [0] * len(sched) if hint is None else list(hint)
    answers = []
    for start, end, rough in zip(sched, actual, hints, strict=True):
        if any(pd.isna(t) or not 0 <= t <= 2400 or t % 100 >= 60 for t in (start, end)):
            answers.append(None)
            continue
        rough = 0 if pd.isna(rough) else int(rough)
        gap = (end // 100 * 60 + end % 100) - (start // 100 * 60 + start % 100)
        answers.append(int(720 - (720 - gap + rough) % 1440 + rough))
    return pd.Series(answers, dtype="Int64")
