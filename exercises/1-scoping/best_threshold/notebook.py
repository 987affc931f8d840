# %% [markdown]
# # A threshold somebody pays for
#
# The threshold with the best F1 score on the summer of 2013 costs a fortune in the autumn, as soon
# as a wrong text hurts more than a right one helps. No property of the model says where to cut.
# What says it is who gains, who pays, and how many alerts somebody can handle.
#
# Write `best_threshold(y, p, gain, cost, max_share)`: **the score from which on it pays to alert.**
# A row is alerted if its score is at least the threshold.
#
# * **`y`** tells which flights were late: 0 and 1, or False and True.
# * **`p`** holds the scores, higher for more likely late. Any finite numbers, not only 0 to 1,
#   and the same score may occur often.
# * `y` and `p` are NumPy arrays or Series, equally long, and belong together row by row; their
#   indexes mean nothing.
# * **`gain`**, 0 or more, is what an alert earns if the flight is late; **`cost`**, 0 or more, is
#   what it costs if not. What is not alerted earns and costs nothing. The *worth* of a threshold is
#   the sum over all alerts. (In the tests both are whole numbers, so that equal worths are equal.)
# * **`max_share`**, from 0 to 1, is the budget: the number of alerts divided by the number of rows
#   may be at most this.
# * **Returns** the threshold with the highest worth within the budget: **one of the values of
#   `p`**, as a number, or `math.inf`, which alerts nobody. Nobody is worth 0.
# * **If several are worth the same**, the one with the fewest alerts, so `math.inf` if nothing is
#   worth more than 0.
# * **Equal scores stay together**: a threshold alerts all rows of a score or none. If the rows of
#   one score do not fit into the budget, that threshold is out, and so are all below it.
# * **Without rows** it is `math.inf`.
# * **Afterwards** `y` and `p` are as they were. 60,000 different scores take less than
#   ten seconds.
#
# So only the order of the scores decides whom to alert. Put `p` through any increasing function,
# and the same rows are alerted.
#
# `y = [1, 0, 1, 1, 0, 0]`, `p = [0.9, 0.8, 0.6, 0.6, 0.6, 0.1]`:
#
# | `gain` | `cost` | `max_share` | threshold | why |
# |---|---|---|---|---|
# | 3 | 1 | 1.0 | 0.6 | from 0.6: three right, two wrong, 3 * 3 - 2 = 7; from 0.1 it is 6 |
# | 3 | 1 | 0.5 | 0.9 | from 0.6 it is five alerts of six; 0.9 is worth 3, 0.8 only 2 |
# | 1 | 2 | 1.0 | 0.9 | one right; everything below costs more than it earns |
# | 3 | 1 | 0.1 | `inf` | one of six is too many |
# | 0 | 1 | 1.0 | `inf` | nothing to gain |

# %%
import math

import numpy as np
import pandas as pd

from grader import check, hint, load

flights = load("flights_2013_sample").dropna(subset="arr_delay")
late = flights["arr_delay"] >= 15
share = late.groupby([flights["hour"], flights["carrier"]]).transform("mean")  # to play with
pd.DataFrame({"late": late, "share": share}).head()


# %% task="best_threshold"
def best_threshold(y, p, gain, cost, max_share):
    """Return the score from which on it pays to alert, within the budget; inf for nobody."""
    ### BEGIN SOLUTION
    y, p = np.asarray(y, dtype=bool), np.asarray(p)
    order = np.argsort(-p, kind="stable")
    score, worth = p[order], np.cumsum(np.where(y[order], gain, -cost))
    can_stop = np.append(score[1:] != score[:-1], True)[: len(p)]
    affordable = np.arange(1, len(p) + 1) / max(len(p), 1) <= max_share
    worth = np.where(can_stop & affordable, worth, 0)
    if not (worth > 0).any():
        return math.inf
    return score[worth.argmax()].item()
    ### END SOLUTION


# %% [markdown]
# ## The note
#
# A threshold is a number in a config file, until somebody asks in March why it is that number. Then
# there had better be a note.
#
# Write one for a prediction that **you** know: from your work, your studies, or one of these:
#
# * Tomorrow morning's shift at the support desk, planned the evening before.
# * A bag that may miss its connection, and the fast belt that has room for some.
# * The newsletter of a shop, and who should not get another one.
#
# Not the texts to travelers: the lessons have used them up. Half a page is enough. A person reads
# it, and gives points as follows.
#
# **Actor** (1 point)
#
# * 1: one person or role who decides.
# * ½: a department, or "the user".
#
# **Moment** (2 points)
#
# * 2: a time, relative to an event that happens anyway, and why not earlier or later.
# * 1: a time without a reason.
#
# **Action** (2 points)
#
# * 2: what the actor does differently after an alert, and that this is still possible then.
# * 1: an action, but nobody asks whether it is still possible.
#
# **Known by then** (2 points)
#
# * 2: three columns or more, each with the time at which it is known, and one tempting column that
#   is *not* known by then.
# * 1: columns without times, or no tempting one.
#
# **Both mistakes** (2 points)
#
# * 2: what a false alarm and a miss cost, and who bears it, both in one unit (money or minutes).
#   Guesses are called guesses, with who could say better.
# * 1: only one of the two, or two units that cannot be compared.
#
# **The cut** (1 point)
#
# * 1: the two costs turned into a threshold or a budget, and what would make you change it.
# * ½: a threshold without a reason.
#
# Style costs nothing. An item that you argue cannot be filled in, with the reason and the person to
# ask, gets full points: knowing that is what the note is for.

# %% [markdown] task="scoping_note" manual=true
# ### BEGIN SOLUTION
# **Bags for the fast belt.** *(A model answer. Numbers are guesses, marked as such.)*
#
# **Actor.** The shift lead of transfer baggage, who decides which bags leave the common belt.
#
# **Moment.** When the inbound flight touches down. Earlier, the landing time is a forecast, and the
# list changes by the minute. Later, at the door of the hold, the bags are on the common belt and
# somebody has to look for them.
#
# **Action.** Send a tug to the aircraft and take the flagged bags to the fast belt. Possible:
# between touchdown and the opening of the hold there are some ten minutes (guess; the shift lead
# knows).
#
# **Known by then.** Connection and its departure time (at booking, rebookings up to touchdown);
# number of transfer bags (when the inbound flight was closed); touchdown time (at that moment);
# inbound and outbound gates (as planned at that moment: they can still change). *Not* known,
# however tempting: the time at which the bag was scanned at the transfer desk. It predicts
# beautifully, because it is the outcome.
#
# **Both mistakes.** In minutes of work, because the desk has those on file. A false alarm: a place
# on the fast belt and about two minutes, borne by the shift. A miss: tracing and a courier, about
# forty minutes, borne by the desk at the destination; the traveler's evening is not in it. Both are
# guesses; the desk's log of last month would give better ones.
#
# **The cut.** A right alert saves 40 - 2 = 38 minutes, a wrong one costs 2. So alert from
# 2 / (38 + 2) = 5% on, if the chances can be believed. That is far more bags than the fast belt
# takes, so the budget decides and not the threshold: the shift lead's forty places an hour (guess),
# filled from the top. We change it when the belt gets a second lane, or when the log says that a
# miss costs less than ten minutes.
# ### END SOLUTION
