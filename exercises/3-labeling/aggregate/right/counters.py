"""Walks through the rows once and counts with dictionaries."""

from collections import Counter, defaultdict

import pandas as pd


def aggregate(annotations, ties="abstain", min_votes=1):
    if ties not in {"abstain", "drop"}:
        raise ValueError(f"unknown rule for ties: {ties}")
    said = defaultdict(lambda: defaultdict(set))
    columns = (annotations[name].tolist() for name in ("item", "rater", "label"))
    for item, rater, label in zip(*columns, strict=True):
        answers = said[item][rater]
        if not pd.isna(label):
            answers.add(label)

    result = {}
    for item, raters in said.items():
        votes = Counter(
            label for answers in raters.values() if len(answers) == 1 for label in answers
        )
        n = sum(votes.values())
        (first, most), (_, second) = [*votes.most_common(2), (None, 0), (None, 0)][:2]
        if n < min_votes:
            result[item] = (None, n, None)
        elif most > second:
            result[item] = (first, n, most / n)
        elif ties == "abstain":
            result[item] = (None, n, None)
    return pd.DataFrame.from_dict(result, "index", columns=["label", "votes", "share"])
