# %% [markdown]
# # One label from many raters
#
# `df.groupby("item").label.agg(lambda labels: labels.mode()[0])` is how most labels in the world
# are made. It is wrong in silence, three times: whoever clicked twice counts twice, a tie is won by
# the alphabet, and nobody learns how many votes there were.
#
# Write `aggregate(annotations, ties="abstain", min_votes=1)`: **one label for each item, by vote.**
#
# * **`annotations`** is a DataFrame with the columns `item`, `rater` and `label`: one row is one
#   answer. Items and raters are text or whole numbers, never null. Labels are all text or all whole
#   numbers, or null when the rater skipped the item. There may be other columns and any index, and
#   rows in any order.
# * **A vote.** Each rater has one vote for each item, however often they answered. Answers with a
#   null label are not answers. If the other labels that a rater gave to an item are not all the
#   same, the rater contradicts themselves and has no vote on this item.
# * **The winner** is the label with more votes than any other. It needs no majority: 2 of 5 wins
#   against 1, 1 and 1.
# * **`min_votes`** is a whole number from 1 up. An item with fewer votes gets a null label, tied or
#   not.
# * **`ties`** says what happens to an item with enough votes and no winner: `"abstain"` gives it a
#   null label, `"drop"` leaves it out of the result. Anything else raises a `ValueError`, also when
#   nothing is tied.
# * **Returns** a DataFrame, its index (of any name) the items in the order in which they first
#   appear in `annotations`, with three columns in this order:
#     * `label`: the winner, or null (a whole number may come back as a float: 1.0 for 1);
#     * `votes`: how many votes the item got, a whole number, 0 included;
#     * `share`: the winner's part of these votes, from 0 to 1; null where the label is.
# * **Every item** that is in `annotations` is in the result, except ties with `"drop"`. Also one
#   that everybody skipped.
# * **Names do not matter.** Rename the labels, and the same items get the renamed labels.
# * **`annotations` afterwards** is as it was. No rows give no rows.
#
# | item | answers | label | votes | share |
# |---|---|---|---|---|
# | a | ann: yes, ann: yes, bob: no, cid: no | no | 3 | 2/3 |
# | b | ann: yes, bob: no | null | 2 | null |
# | c | ann: yes, ann: no, bob: no | no | 1 | 1 |
# | d | bob: null | null | 0 | null |

# %%
import pandas as pd

from grader import check, hint, load

ANSWERS = """a ann yes
b bob no
a ann yes
b ann yes
a bob no
c ann yes
c ann no
c bob no
a cid no
d bob"""
example = pd.DataFrame(
    [line.split(" ") + [None] * (2 - line.count(" ")) for line in ANSWERS.splitlines()],
    columns=["item", "rater", "label"],
)
example


# %% task="aggregate"
def aggregate(annotations, ties="abstain", min_votes=1):
    """Return label, votes and share for each item."""
    ### BEGIN SOLUTION
    if ties not in ("abstain", "drop"):
        raise ValueError(f'ties is "abstain" or "drop", not {ties!r}')
    items = pd.Index(annotations["item"].unique(), name="item")
    given = annotations[["item", "rater", "label"]].dropna(subset="label").drop_duplicates()
    votes = given.drop_duplicates(["item", "rater"], keep=False)

    counts = votes.groupby(["item", "label"]).size()
    total = counts.groupby("item").sum().reindex(items, fill_value=0)
    most = counts.groupby("item").max().reindex(items)
    winners = counts[counts == counts.groupby("item").transform("max")]
    winners = winners.reset_index("label")["label"]
    winners = winners[~winners.index.duplicated(keep=False)].reindex(items)

    enough = total >= min_votes
    result = pd.DataFrame({"label": winners.where(enough), "votes": total, "share": most / total})
    result["share"] = result["share"].where(result["label"].notna())
    return result[~enough | result["label"].notna()] if ties == "drop" else result
    ### END SOLUTION
