# %% [markdown]
# # Which columns exist by then?
#
# A model that may look at the whole flight table ranks late flights with an AUC of 0.99. Most of
# what it looks at is written down after the plane has landed. No test set will tell you, because
# the test set is written down after landing, too. A list of when each column is known will.
#
# Write `usable_columns(catalog, lead)`: **the names of the columns that are known when the model
# has to speak**, `lead` minutes before the scheduled departure.
#
# **`catalog`** is a dictionary: a column's name, and an entry that says when it is known. An entry
# is a dictionary with up to two keys.
#
# * **`known`**: the minutes before the scheduled departure by which the value is known, for *every*
#   flight. A number, whole or not; negative is after the scheduled departure. `None` or `NaN` means
#   that nobody knows when.
# * **`made_from`**: a list of the columns that this one is computed from, its *parents*. An empty
#   list means the same as no list.
#
# **A column is usable** if everything that its entry states allows it:
#
# | the entry says | the column is usable if |
# |---|---|
# | `known` | it is at least `lead`: exactly at the lead is early enough |
# | `made_from` | every parent is usable |
# | both | both: the parents are there, and so is the column itself |
# | `known` that is `None` or `NaN` | never, whatever its parents are |
# | neither, or only an empty `made_from` | never: nobody knows when |
#
# * **A parent** may stand before or after the column, and may have parents of its own, in chains as
#   long as the catalog (a few hundred columns). A parent that is not in the catalog is not usable.
# * **In a circle** (a is made from b, b from a) no column is usable, nor any that is made from it.
#   The function answers all the same.
# * **`lead`** is a number of minutes, whole or not. It may be 0 or negative: a decision after the
#   scheduled departure.
# * **Names mean nothing.** `dep_delay` is usable if its entry allows it.
# * **Returns** a list of the usable names, in the order of the catalog.
# * **`catalog` afterwards** is as it was.
#
# ```python
# catalog = {
#     "speed":     {"made_from": ["distance", "air_time"]},
#     "distance":  {"known": 43200},
#     "air_time":  {"known": -2880},
#     "queue":     {"known": 120},
#     "tailnum":   {"known": None},
#     "seats":     {"made_from": ["tailnum"]},
#     "forecast":  {"known": 360, "made_from": ["distance"]},
# }
# usable_columns(catalog, 120)    # ["distance", "queue", "forecast"]
# ```
#
# | column | at a lead of 120 | why |
# |---|---|---|
# | `distance` | usable | known a month before |
# | `queue` | usable | exactly at the lead |
# | `forecast` | usable | out six hours before, and so is what it is made from |
# | `air_time` | no | known two days after |
# | `speed` | no | as late as `air_time`, its latest parent |
# | `tailnum` | no | nobody knows when |
# | `seats` | no | its parent is unknown, so it is, too |

# %%
import math

from grader import check, hint


# %% task="usable_columns"
def usable_columns(catalog, lead):
    """Return the columns that are known `lead` minutes before the scheduled departure."""
    ### BEGIN SOLUTION
    usable = set()

    def is_known(entry):
        parents = entry.get("made_from") or []
        if "known" not in entry and not parents:
            return False
        own = entry.get("known", lead)
        return own is not None and own >= lead and usable.issuperset(parents)

    while found := {name for name in catalog if is_known(catalog[name])} - usable:
        usable |= found
    return [name for name in catalog if name in usable]
    ### END SOLUTION
