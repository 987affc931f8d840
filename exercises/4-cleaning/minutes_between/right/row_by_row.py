"""Goes through the rows in plain Python, and steps day by day towards the hint."""

import pandas as pd


def minutes_between(sched, actual, hint=None):
    def minutes(reading):
        if pd.isna(reading):
            return None
        hours, minutes = divmod(int(reading), 100)
        if reading == 2400:
            return 0
        return hours * 60 + minutes if 0 <= hours < 24 and minutes < 60 else None

    hints = [None] * len(sched) if hint is None else hint
    answers = []
    for start, end, rough in zip(map(minutes, sched), map(minutes, actual), hints, strict=True):
        if start is None or end is None:
            answers.append(None)
            continue
        rough = 0 if pd.isna(rough) else int(rough)
        gap = end - start
        while gap <= rough - 720:
            gap += 1440
        while gap > rough + 720:
            gap -= 1440
        answers.append(gap)
    return pd.Series(answers, index=sched.index, dtype="Int64")
