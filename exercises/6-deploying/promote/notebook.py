# %% [markdown]
# # Promote or keep?
#
# For some weeks the new model ran in the old one's shadow: it saw every request, and nobody saw
# its answers. Now there are two chances for each request, and outcomes for most. Somebody has to
# say yes or no, and *the mean is better* is what everybody says on the day before the incident.
#
# Write `promote(old, new, log, min_days=14, max_gap=0.02, min_rows=100, max_loss=0.005)`, which
# returns a decision and the reasons against: `("promote", [])` or `("keep", ["not better", …])`.
#
# **Inputs**
#
# * `old`, `new`: a Series of chances each, from 0 to 1. The index is the id of the request. Each id
#   is there once, in any order, and may be absent from the other: a model that was down has no
#   answer.
# * `log`: a DataFrame, its index the ids in any order, with the columns `day` (text), `carrier`
#   (text) and `late` (1.0 or 0.0, or `NaN` if the outcome is not known yet). `day` and `carrier`
#   are never null.
# * `min_days` is 2 or more: one day has no standard error.
#
# **Compared** are the requests that are in all three and have a known outcome. Everything below is
# about them alone. The **gain** of a request is `(old - late)² - (new - late)²`: positive if the
# new model was closer to what happened.
#
# **Reasons** to keep the old model, as texts in alphabetical order:
#
# | reason | if |
# |---|---|
# | `"too few days"` | there are fewer than `min_days` different days; it is the only reason then |
# | `"not better"` | the lower bound of the daily gain is not above 0 |
# | `"not calibrated"` | the means of `new` and of `late` are more than `max_gap` apart |
# | `"worse for XX"` | XX has at least `min_rows` requests and a mean gain below `-max_loss` |
#
# The **lower bound**: the mean gain of each day is one observation, however many requests the day
# has, because flights of one day share their weather. The bound is the mean of these observations
# minus two standard errors. A standard error is their standard deviation (with n - 1) divided by
# the root of their number.
#
# Without a reason the decision is `"promote"`, else `"keep"`. The inputs stay as they are. Where a
# test hits a limit, it does so with numbers that floats hold exactly.

# %%
import numpy as np
import pandas as pd

from grader import check, hint, load


# %% task="promote"
def promote(old, new, log, min_days=14, max_gap=0.02, min_rows=100, max_loss=0.005):
    """Return "promote" or "keep", and the reasons to keep the old model."""
    ### BEGIN SOLUTION
    table = log.assign(old=old, new=new).dropna(subset=["old", "new", "late"])
    gain = (table["old"] - table["late"]) ** 2 - (table["new"] - table["late"]) ** 2
    daily = gain.groupby(table["day"]).mean()
    if len(daily) < min_days:
        return "keep", ["too few days"]
    reasons = []
    if not daily.mean() - 2 * daily.std() / len(daily) ** 0.5 > 0:
        reasons.append("not better")
    if abs(table["new"].mean() - table["late"].mean()) > max_gap:
        reasons.append("not calibrated")
    carriers = gain.groupby(table["carrier"]).agg(["size", "mean"])
    worse = carriers[(carriers["size"] >= min_rows) & (carriers["mean"] < -max_loss)]
    reasons += [f"worse for {carrier}" for carrier in sorted(worse.index)]
    return ("keep" if reasons else "promote"), reasons
    ### END SOLUTION
