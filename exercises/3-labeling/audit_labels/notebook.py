# %% [markdown]
# # Audit a published label
#
# The tweets of the course come with their ratings and with the means that the authors published.
# For 196 of 4,200 tweets the two do not fit, by up to 1.13 points on a scale from -4 to 4. The
# reviews' means are all right, and look wrong in 21 places if you compare them row by row.
#
# Write `audit_labels(published, ratings, tol=0.01)`: **every published mean that its own ratings do
# not support.**
#
# * **`published`** is a DataFrame with a column `item` (text) and a column `published_mean`
#   (`float64`, may be null). Each item is there once.
# * **`ratings`** is a DataFrame with a column `item` (text) and a column `rating` (`int64` or
#   `float64`, may be null then): one row is one rating. A null rating is no rating.
# * Both may have other columns, any index, and rows **in any order**: they belong together by id.
# * **Ids** may begin with an invisible byte-order mark, `"\ufeff"`, in either table. It is not
#   part of the id. The rest of the id is as it is: `"1_10"` and `"01_10"` are two items.
# * **`tol`** is how far a published mean may be from the mean of the ratings, up or down. Published
#   numbers are rounded: a difference of exactly `tol` or less is no fault. (Where the difference
#   is exactly `tol`, the tests use halves, which floats hold exactly.)
# * **Returns** a DataFrame with one row for each faulty item, numbered from 0, and five columns in
#   this order:
#     * `item`: the id, without the mark;
#     * `published`: the published mean, or null;
#     * `own`: the mean of the item's ratings, or null;
#     * `ratings`: how many ratings it has, a whole number;
#     * `reason`: `"differs"` by more than `tol`; `"no ratings"` for a published mean without any;
#       or `"not published"` for ratings whose item is not in `published`, or has a null there.
# * **Order:** items of `published` first, in its order; then the others in the order of their first
#   rating.
# * **No fault** gives no rows, with the same columns. An item with neither a mean nor a rating is
#   no fault.
# * **The tables afterwards** are as they were.
#
# | item | published | ratings | row in the result |
# |---|---|---|---|
# | a | 0.33 | 0, 0, 1 | none: 0.33 is a third, rounded |
# | b | 1.50 | 2, 3 | `b`, 1.5, 2.5, 2, differs |
# | c | 2.00 | | `c`, 2.0, null, 0, no ratings |
# | d | | 1, 1 | `d`, null, 1.0, 2, not published |

# %%
import numpy as np
import pandas as pd

from grader import check, hint, load

tweets, ratings = load("ratings_tweets_items"), load("ratings_tweets")
tweets[["item", "published_mean"]].head(3)


# %% task="audit_labels"
def audit_labels(published, ratings, tol=0.01):
    """Return the items whose published mean is not the mean of their ratings, and why."""
    ### BEGIN SOLUTION
    said = published.assign(item=published["item"].str.removeprefix("\ufeff"))
    said = said.set_index("item")["published_mean"]
    known = ratings.assign(item=ratings["item"].str.removeprefix("\ufeff")).dropna(subset="rating")
    known = known.groupby("item", sort=False)["rating"].agg(["mean", "size"])

    items = said.index.append(known.index.difference(said.index, sort=False))
    said, known = said.reindex(items), known.reindex(items)
    report = pd.DataFrame({"published": said, "own": known["mean"]})
    report["ratings"] = known["size"].fillna(0).astype(int)
    faults = {
        "differs": (said - known["mean"]).abs() > tol,
        "no ratings": said.notna() & known["mean"].isna(),
        "not published": said.isna() & known["mean"].notna(),
    }
    report["reason"] = np.select(list(faults.values()), list(faults), "")
    return report[report["reason"] != ""].rename_axis("item").reset_index()
    ### END SOLUTION
