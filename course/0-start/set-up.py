# ---
# jupyter:
#   kernelspec: {display_name: Python 3, language: python, name: python3}
#   course: {minutes: 25, difficulty: 1, needs: [], exercises: [late_share]}
# ---

# %% [markdown]
# # Set up, and let something check you
#
# The most punctual day of February 2013, says one line of pandas, was the {{ 9 | best }}th: only
# **{{ 10.7% | punctual[best]:.1%}}** of New York's flights were late. On that day
# {{ 57% | lost[best]:.0%}} of them were cancelled or diverted.
#
# The line ran, the number looked fine, nothing complained. In this course something does. After
# this lesson you can
#
# - **install** the course and start an exercise;
# - **ask** `check` and `hint`, and read what they answer;
# - **explain** why a [hidden test](../glossary.md#hidden-test) tells you which behavior failed, and
#   never on which input.
#
# ## Set up
#
# You need Python 3.11 or newer, git and make, on Linux. In the course's folder:
#
# ```sh
# make demo                    # install, grade a sample class, build this site
# source .venv/bin/activate
# grader start late_share      # your first exercise, opened in JupyterLab
# ```
#
# No account, no server: code, data and this site stay on your machine.
#
# ## Build it wrong
#
# The first exercise asks how many flights are late. Here is that question for a month, as most of
# us would type it.

# %%
import inspect
import json
import subprocess
import sys

import matplotlib.pyplot as plt
import pandas as pd

from grader import check, hint, load

flights = load("flights_2013")
february = flights[flights.month == 2]
by_day = february.arr_delay.groupby(february.day)

punctual = by_day.agg(lambda delays: (delays >= 15).mean())
best = punctual.idxmin()
print(f"most punctual: day {best} of February, {punctual[best]:.1%} late")

# %%
lost = by_day.agg(lambda delays: delays.isna().mean())
print(f"cancelled or diverted that day: {lost[best]:.1%}")

# %% tags=["hide-input"] alt="Stacked bar chart of February 2013, a bar for each day. The lower part, flights that arrived a quarter of an hour late or more, is lowest on the {{ 9 | best }}th with {{ 11% | punctual[best]:.0%}}. The upper part, flights that were cancelled or diverted, is hardly visible except on the 8th with {{ 51% | lost[8]:.0%}} and the 9th with {{ 57% | lost[9]:.0%}}, {{ the two tallest bars of the month | {*(lost + punctual).nlargest(2).index} == {8, 9} }}."
fig, ax = plt.subplots(figsize=(5.8, 3.2))
ax.bar(punctual.index, punctual * 100, label="arrived ≥ 15 min late")
ax.bar(
    lost.index,
    lost * 100,
    bottom=punctual * 100,
    color="C1",
    hatch="///",
    label="cancelled or diverted",
)
ax.set(xlabel="day of February 2013", ylabel="share of flights (%)")
ax.legend()
plt.show()

# %% [markdown]
# ## Find the cause
#
# A flight that never arrives has no arrival delay. Its delay is [null](../glossary.md#null). And
# this is what a null
# answers:

# %%
delays = pd.Series([20, 5, float("nan")])
print((delays >= 15).tolist(), "share:", round((delays >= 15).mean(), 2))

# %% [markdown]
# *Is it 15 or more?* No. So the mean counts it among the punctual, next to the flight that was 5
# minutes late. Nobody decided that; a comparison operator did. What you can defend is: of the
# flights that did arrive on the 9th, {{ 25% | of_arrived:.0%}} were late, **and**
# {{ 57% | lost[best]:.0%}} did not arrive. Two numbers, because there were two facts.
#
# ## Build it right: something that complains
#
# An exercise is a notebook with a hole in it. Fill the hole, then ask. We fill it with the line
# from above, to see whether anybody notices:


# %%
def late_share(flights, minutes):
    """Return the share of flights that arrived at least `minutes` late."""
    return (flights["arr_delay"] >= minutes).mean()


check("late_share")

# %% [markdown]
# `check` runs the **[visible](../glossary.md#visible-test)** tests, which you have and may read:
# the examples of the exercise's
# text. It names the behavior that fails, and shows the smallest case that proves it. Stuck? There
# are three hints, from a nudge to nearly there. Ask again for the next one.

# %%
hint("late_share")

# %% [markdown]
# The repair is yours to make. `grader check late_share` asks the same from the terminal, of the
# notebook as you saved it, run from its first cell to its last. So does JupyterLab's button
# *Validate*; where that says "all the tests", it means the visible ones.
#
# ## How hidden tests talk to you
#
# When you hand in, a second set of tests runs beside the visible ones, and that set you never get.
# It tries your function on edges, on generated tables and on real data. A test that fails answers
# in a sentence that its author wrote beforehand:
#
# > Flights without a known delay leave the share as it is: they count neither as late nor as on
# > time.
#
# That is all. Not the input, not the value that was due, not the traceback. The sentence is about
# behavior, so what you mend is the behavior, for every table. Given the input, most of us would
# mend the input.
#
# There is a second reason. Here is the obvious grader, where the answers and the code under test
# share one Python process. And here is a learner who has never seen a flight.

# %%
QUESTIONS = [([20, 3, -5, 40], 0.5), ([15, 14], 0.5), ([20, None, 3], 0.5)]


def grade_together(answer):
    """Count the right answers: code and expectations in one process."""
    return sum(answer(delays) == expected for delays, expected in QUESTIONS)


def honest(delays):
    known = [delay for delay in delays if delay is not None]
    return sum(delay >= 15 for delay in known) / len(known)


def cheat(delays):
    class Agreeable:
        def __eq__(self, other):
            return True

    return Agreeable()


together = grade_together(cheat)
print(f"honest: {grade_together(honest)} right, cheat: {together} right")

# %% [markdown]
# The cheat scores {{ 3 | together }} of {{ 3 | len(QUESTIONS) }}. The comparison ran in the
# learner's hands. So put a wall there: run the code in a process of its own, pass in the question,
# and let nothing back but plain data.


# %%
def grade_apart(answer):
    """Count the right answers: only JSON comes back over the wall."""
    right = 0
    for delays, expected in QUESTIONS:
        call = f"{answer.__name__}({delays})"
        program = f"{inspect.getsource(answer)}\nimport json\nprint(json.dumps({call}))"
        command = [sys.executable, "-c", program]
        run = subprocess.run(command, capture_output=True, text=True)
        right += run.returncode == 0 and json.loads(run.stdout) == expected
    return right


apart, apart_honest = grade_apart(cheat), grade_apart(honest)
print(f"honest: {apart_honest} right, cheat: {apart} right")

# %% [markdown]
# The cheat gets {{ 0 | apart }}: an object that agrees with everything cannot be written down as a
# number. The honest answer gets {{ 3 | apart_honest }}. The course's grader is built on this idea,
# with a thicker wall: your code runs in a sandbox without network, without the course's files, with
# limits on time and memory. It sees the questions. The expected answers are on the other side, and
# so are the tests.
#
# `check` needs no wall. It runs in your own notebook, on your own machine, with tests that you may
# read.
#
# Nobody to hand in to? Then be your own instructor, and leave the hidden tests unread:
#
# ```sh
# mkdir -p submitted/me/0-start
# cp work/0-start/late_share.ipynb submitted/me/0-start/
# grader grade 0-start         # then open feedback/index.html
# ```
#
# ## How a professional does it
#
# The tests are plain [pytest](https://docs.pytest.org/). What is worth stealing is how they are
# written: a name that claims something, a docstring for whoever meets it red at five o'clock, and
# next to the examples a *[property](../glossary.md#property)*, which holds for any table at all:


# %%
def test_unknown_flights_change_nothing():
    """Adding flights with an unknown delay does not change the share."""
    unknown = pd.DataFrame({"arr_delay": [float("nan")] * 10_000})
    before = late_share(february, 15)
    after = late_share(pd.concat([february, unknown]), 15)
    assert before == after, f"{before:.1%} became {after:.1%}"


try:
    test_unknown_flights_change_nothing()
except AssertionError as failure:
    print("failed:", failure)

# %% [markdown]
# No expected value is in sight, and the one-liner is caught all the same.
# [Hypothesis](https://hypothesis.readthedocs.io/) invents the tables for you, and shrinks a failing
# one to the smallest that still fails.
#
# ## Check yourself

# %% [markdown] tags=["question"]
# **`check` is green. What do you know?**
#
# - [ ] The exercise is solved :: No: the visible tests are the examples in the text. Green means
#   that you understood the question.
# - [x] The examples of the text work; edges and strange tables are still to come :: Yes: read the
#   contract again, row by row, before you hand in.
# - [ ] Nothing: the points come from hidden tests :: No: the visible ones run again at grading, and
#   have their share of the points.

# %% [markdown] tags=["question"]
# **A hidden test says "the caller's table is the same after the call". What do you do?**
#
# - [ ] Ask for the input, to reproduce it :: No: the sentence holds for every input. Take any
#   table, copy it, call, compare.
# - [x] Write that test yourself, watch it fail, then mend the function :: Yes: you have the
#   behavior in words, and that is a test you have not typed yet.
# - [ ] Start the function with `flights = flights.copy()` and hope :: No: it may even pass, but you
#   will not know what was wrong. Look for what changed the table.

# %% [markdown] tags=["question"]
# **What does `NaN >= 15` mean for a mean?**
#
# - [ ] The null is skipped, as in `delays.mean()` :: No: `delays.mean()` skips nulls. By the time
#   you take *this* mean, the null is a `False`.
# - [x] It counts as "no", and pulls the share down :: Yes: a missing answer became a negative one.
# - [ ] pandas raises, so you would notice :: No: it prints {{ 0.33 | (delays >= 15).mean():.2f }}
#   and wishes you a nice day.

# %% [markdown]
# ## Take to work
#
# - A comparison answers for nulls too. Decide what an unknown counts as, before the operator does.
# - A share needs a second number beside it: how many are not in it.
# - A failure message is for the reader: name the behavior, not the assertion.
# - Do not let the thing you test hold the answers. This goes for models as well.
#
# **Exercise:** [`late_share`](../exercises/late_share.md). Ten minutes, and the one-liner above is
# a start.
#
# **Next:** [From a goal to a table](from-goal-to-table.md).
#
# **Sources:** [flights data card](../data/flights.md) · [how the grader is
# built](../architecture.md) · [pytest](https://docs.pytest.org/en/stable/how-to/assert.html) on
# assertions · K. Claessen and J. Hughes, [*QuickCheck*](https://doi.org/10.1145/351240.351266)
# (2000), where testing by properties comes from

# %% tags=["remove-cell"]
# The figures that only the text states.
of_arrived = (by_day.get_group(best).dropna() >= 15).mean()
