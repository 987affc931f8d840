"""Builds the table from its rows: without rows there are no columns.

rejected by: test_no_answers_give_no_rows
"""

import pandas as pd


def aggregate(annotations, ties="abstain", min_votes=1):
    if ties not in ("abstain", "drop"):
        raise ValueError(ties)
    rows = {}
    for item, answers in annotations.groupby("item", sort=False):
        given = answers[["rater", "label"]].dropna().drop_duplicates()
        votes = given.drop_duplicates("rater", keep=False)["label"].value_counts()
        n = int(votes.sum())
        winners = votes.index[votes == votes.max()] if n else []
        if n >= min_votes and len(winners) == 1:
            rows[item] = {"label": winners[0], "votes": n, "share": votes.max() / n}
        elif n < min_votes or ties == "abstain":
            rows[item] = {"label": None, "votes": n, "share": None}
    return pd.DataFrame(list(rows.values()), index=list(rows))
