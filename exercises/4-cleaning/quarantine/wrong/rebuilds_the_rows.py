"""Walks over the rows and builds two new tables from them: types are guessed anew.

rejected by: test_columns_keep_their_types, test_no_rules_and_no_rows
"""

import pandas as pd


def quarantine(df, rules):
    verdicts = {
        name: list(rule(df).astype("boolean").fillna(False)) for name, rule in rules.items()
    }
    clean, rejected, clean_labels, rejected_labels = [], [], [], []
    for row, (label, values) in enumerate(df.iterrows()):
        reasons = [name for name in rules if not verdicts[name][row]]
        if reasons:
            rejected.append({**values.to_dict(), "reasons": reasons})
            rejected_labels.append(label)
        else:
            clean.append(values.to_dict())
            clean_labels.append(label)
    columns = list(df.columns)
    return (
        pd.DataFrame(clean, index=pd.Index(clean_labels, name=df.index.name), columns=columns),
        pd.DataFrame(
            rejected,
            index=pd.Index(rejected_labels, name=df.index.name),
            columns=[*columns, "reasons"],
        ),
    )
