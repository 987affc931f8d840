"""Remembers the labels of bad rows and selects with `loc`: where labels repeat, rows multiply.

rejected by: test_no_row_is_lost_or_doubled, test_rows_keep_their_labels_and_order
"""


def quarantine(df, rules):
    reasons = {label: [] for label in df.index}
    for name, rule in rules.items():
        verdict = rule(df).astype("boolean").fillna(False)
        for label in df.index[~verdict.to_numpy(dtype=bool)]:
            reasons[label].append(name)
    bad = [label for label in df.index if reasons[label]]
    rejected = df.loc[bad].copy()
    rejected["reasons"] = [reasons[label] for label in rejected.index]
    return df.drop(bad), rejected
