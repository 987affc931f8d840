"""Takes the rows that a rule rejects out before it asks the next rule, so that each has one reason.

rejected by: test_the_example_lists_its_reasons, test_every_reason_is_listed_in_order,
test_a_rule_may_compare_rows
"""

import numpy as np


def quarantine(df, rules):
    reason = np.full(len(df), None, dtype=object)
    rows = np.arange(len(df))
    for name, rule in rules.items():
        verdict = rule(df.iloc[rows]).astype("boolean").fillna(False).to_numpy(dtype=bool)
        for row in rows[~verdict]:
            reason[row] = [name]
        rows = rows[verdict]
    bad = np.array([names is not None for names in reason], dtype=bool)
    rejected = df[bad].copy()
    rejected["reasons"] = reason[bad]
    return df[~bad], rejected
