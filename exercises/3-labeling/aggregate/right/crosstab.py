"""Makes a wide table of votes, items by labels, and compares its columns."""

import numpy as np
import pandas as pd


def aggregate(annotations, ties="abstain", min_votes=1):
    if ties != "abstain" and ties != "drop":
        raise ValueError("ties must be abstain or drop")
    kept = annotations[annotations["label"].notna()]
    per_rater = kept.groupby(["item", "rater"])["label"].agg(["nunique", "first"])
    votes = per_rater.loc[per_rater["nunique"] == 1, "first"].reset_index()
    wide = pd.crosstab(votes["item"], votes["first"])
    wide = wide.reindex(annotations["item"].drop_duplicates().tolist(), fill_value=0)

    counts = np.sort(np.column_stack([np.zeros((len(wide), 2)), wide.to_numpy()]), axis=1)
    most, second, n = counts[:, -1], counts[:, -2], counts.sum(axis=1)
    tied, few = most == second, n < min_votes
    wins = ~tied & ~few
    best = wide.to_numpy().argmax(axis=1) if wide.shape[1] else np.zeros(0, dtype=int)
    names = wide.columns.to_numpy(dtype=object)
    result = pd.DataFrame(
        {
            "label": [names[b] if w else None for b, w in zip(best, wins, strict=False)]
            or [None] * len(wide),
            "votes": n.astype(int),
            "share": np.where(wins, most / np.maximum(n, 1), np.nan),
        },
        index=wide.index,
    )
    return result[few | wins] if ties == "drop" else result
