"""Walks over the rows by position and remembers two lists of positions."""

import numpy as np


def quarantine(df, rules):
    answers = [(name, rule(df).tolist()) for name, rule in rules.items()]
    good, bad, reasons = [], [], []
    for row in range(len(df)):
        names = tuple(name for name, answer in answers if answer[row] is not True)
        if names:
            bad.append(row)
            reasons.append(names)
        else:
            good.append(row)
    rejected = df.iloc[bad].copy()
    column = np.empty(len(reasons), dtype=object)
    column[:] = reasons
    rejected["reasons"] = column
    return df.iloc[good], rejected
