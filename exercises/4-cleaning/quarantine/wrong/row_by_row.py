"""Asks the rules about one row at a time: a rule that compares rows finds nothing to compare.

rejected by: test_a_rule_may_compare_rows, test_real_weather_of_2013
"""

import numpy as np
import pandas as pd


def quarantine(df, rules):
    reasons = []
    for row in range(len(df)):
        one = df.iloc[[row]]
        verdicts = {name: rule(one).iloc[0] for name, rule in rules.items()}
        reasons.append([name for name, ok in verdicts.items() if pd.isna(ok) or not ok])
    bad = np.array([len(names) > 0 for names in reasons], dtype=bool)
    rejected = df[bad].copy()
    rejected["reasons"] = pd.Series([r for r in reasons if r], index=rejected.index, dtype=object)
    return df[~bad], rejected
