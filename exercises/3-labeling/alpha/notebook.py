# %% [markdown]
# # Agreement beyond chance
#
# Ask twenty people whether a sentence from an editorial is *very negative*, and any two of them
# give the same answer 96% of the time. Nearly always the answer is no. Krippendorff's alpha asks
# how much better that is than answers dealt out at random, and says 0.17.
#
# Write `alpha(ratings, level)`: **Krippendorff's alpha of a table of ratings.**
#
# * **`ratings`** is a DataFrame of numbers (`float64` or `int64`): one row for each item, one
#   column for each rater, `NaN` where the rater did not rate the item. Labels of rows and columns
#   are arbitrary. Whole rows or columns may be `NaN`.
# * **`level`** is `"nominal"`, `"ordinal"` or `"interval"`. Anything else raises a `ValueError`,
#   whatever the ratings.
# * **Returns** a float: 1 for perfect agreement, 0 for as much as chance would give, below 0 for
#   less.
# * **Undefined** is `NaN` (`float("nan")`), not 1 and not an error: when no item has two ratings,
#   and when all ratings that take part are equal. Who has used one value only has shown nothing
#   about telling values apart.
# * **`ratings` afterwards** is as it was.
#
# **The definition.**
#
# 1. *Who takes part.* An item with fewer than two ratings is left out, and its rating counts for
#    nothing below. Let *n* be the number of ratings that remain.
# 2. *Observed disagreement.* An item with *m* ratings has *m* · (*m* - 1) ordered pairs of ratings
#    by different raters. Sum the distances of its pairs and divide by *m* - 1. Sum over the items,
#    and divide by *n*.
# 3. *Expected disagreement.* The same *n* ratings, whatever their items: the mean distance of all
#    *n* · (*n* - 1) ordered pairs of different ratings.
# 4. alpha = 1 - observed / expected.
#
# **The distance** of equal values is 0. That of two values *a* < *b*:
#
# | `level` | distance | changes nothing |
# |---|---|---|
# | `"nominal"` | 1 | other names for the values |
# | `"interval"` | (*a* - *b*)² | a shift, another unit |
# | `"ordinal"` | (half the *a*s + half the *b*s + all between)² | uneven stretching, in order |
#
# The ordinal distance counts how many of the *n* ratings are *a*, are *b*, and lie between the two.
#
# | item | rater p | rater q | rater r |
# |---|---|---|---|
# | 0 | 1 | 1 | |
# | 1 | 2 | 2 | 3 |
# | 2 | | 5 | |
# | 3 | 3 | 3 | 3 |
#
# Item 2 is left out, so *n* = 8. Nominal: four of item 1's six ordered pairs differ, and 4 / 2 = 2;
# the other items have none. Observed is 2 / 8. Of all 56 ordered pairs 40 differ, so expected is
# 40 / 56, and alpha = 0.65. Interval gives 0.841, ordinal 0.781 (there, 1 and 3 are 1 + 2 + 2 = 5
# apart, squared 25).

# %%
import numpy as np
import pandas as pd

from grader import check, hint, load

long = load("ratings_editorials")
long.pivot(index="item", columns="position", values="rating").iloc[:4, :8]


# %% task="alpha"
def alpha(ratings, level):
    """Return Krippendorff's alpha of a table with a row for each item, a column for each rater."""
    ### BEGIN SOLUTION
    if level not in ("nominal", "ordinal", "interval"):
        raise ValueError(f"no such level: {level!r}")
    table = ratings.to_numpy(dtype=float)
    table = table[(~np.isnan(table)).sum(axis=1) >= 2]
    values = np.unique(table[~np.isnan(table)])
    if len(values) < 2:
        return float("nan")

    counts = (table[:, :, None] == values).sum(axis=1)  # items by values
    total = counts.sum(axis=0)
    # From value to value over all ratings between: the difference of two middle ranks.
    place = total.cumsum() - total / 2 if level == "ordinal" else values
    distance = (place[:, None] - place) ** 2
    if level == "nominal":
        distance = distance > 0

    observed = ((counts @ distance * counts).sum(axis=1) / (counts.sum(axis=1) - 1)).sum()
    expected = total @ distance @ total / (total.sum() - 1)
    return float(1 - observed / expected)
    ### END SOLUTION
