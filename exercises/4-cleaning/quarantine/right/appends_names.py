"""Grows a list of names per row while it goes through the rules, then splits once."""

import pandas as pd


def quarantine(df, rules):
    reasons = pd.Series([[] for _ in range(len(df))], dtype=object)
    for name, rule in rules.items():
        verdict = rule(df)
        failing = (verdict.isna() | (verdict == False)).fillna(True).to_numpy(dtype=bool)  # noqa: E712
        for names in reasons[failing]:
            names.append(name)
    is_bad = reasons.map(len).to_numpy(dtype=int) > 0
    rejected = df[is_bad].assign(reasons=reasons[is_bad].to_numpy())
    return df[~is_bad], rejected
