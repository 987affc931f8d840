"""Collects ratings in a dictionary and walks through the published means."""

from math import isnan

import pandas as pd


def audit_labels(published, ratings, tol=0.01):
    given = {}
    for item, rating in zip(ratings["item"].tolist(), ratings["rating"].tolist(), strict=True):
        if not isnan(rating):
            given.setdefault(item.removeprefix("\ufeff"), []).append(rating)

    rows = []
    for item, mean in zip(published["item"], published["published_mean"].tolist(), strict=True):
        item = item.removeprefix("\ufeff")
        own = given.pop(item, [])
        average = sum(own) / len(own) if own else None
        if isnan(mean):
            if own:
                rows.append((item, None, average, len(own), "not published"))
        elif not own:
            rows.append((item, mean, None, 0, "no ratings"))
        elif not -tol <= mean - average <= tol:
            rows.append((item, mean, average, len(own), "differs"))
    rows += [
        (item, None, sum(own) / len(own), len(own), "not published") for item, own in given.items()
    ]
    return pd.DataFrame(rows, columns=["item", "published", "own", "ratings", "reason"])
