# ---
# jupyter:
#   kernelspec: {display_name: Python 3, language: python, name: python3}
#   course: {minutes: 30, difficulty: 2, needs: [2-gathering/grain-and-keys],
#     exercises: [coverage_report]}
# ---

# %% [markdown]
# # What a join loses
#
# Bigger aircraft take longer to board, so you want the number of seats, and join the register of
# aircraft. It costs {{ 15.6% | 1 - found.mean():.1%}} of the rows. A pity, but plenty are left. Of
# Envoy Air, **{{ 96% | lost["MQ"]:.0%}}** of the flights are gone.
#
# A join that loses rows is a filter, and nobody chose its condition.
#
# After this lesson you can
#
# - **measure** what a join would lose, group by group, before you join;
# - **separate** the reasons: no key, a key that is unknown, a key of another kind;
# - **doubt** a match, and keep the row when there is none.

# %%
import matplotlib.pyplot as plt
import pandas as pd

from grader import load

flights, planes = load("flights_2013"), load("planes_2013")
names = load("airlines_2013").set_index("carrier").name
seats = planes[["tailnum", "seats"]]

# %% [markdown]
# ## Build it wrong

# %%
inner = flights.merge(seats, on="tailnum", validate="m:1")
cancelled_all = flights.dep_time.isna().mean()
cancelled_inner = inner.dep_time.isna().mean()
print(f"{len(flights):,} -> {len(inner):,} rows, {1 - len(inner) / len(flights):.1%} lost")
print(f"cancelled: {cancelled_all:.2%} before, {cancelled_inner:.2%} after")

# %% [markdown]
# The key is unique on the right, `validate` is content, no flight came twice. The lesson on [grain
# and keys](grain-and-keys.md) has nothing to complain about. But the share of cancelled flights
# fell from {{ 2.45% | cancelled_all:.2%}} to {{ 1.48% | cancelled_inner:.2%}}. If you lose rows at
# random, rates stay. This one did not.
#
# ## Find the cause: who is missing?
#
# You need no join to know what a join would lose. Ask of every row whether its key is on the other
# side, and group the answers by everything that you know.

# %%
found = flights.tailnum.isin(planes.tailnum)
lost = (~found).groupby(flights.carrier).mean().sort_values()
rows = flights.carrier.value_counts()
for column in ("month", "origin", "carrier"):
    by_group = (~found).groupby(flights[column]).mean()
    print(f"lost by {column:8} {by_group.min():6.1%} to {by_group.max():.1%}")

# %% tags=["hide-input"] alt="Horizontal bar chart: the share of flights that an inner join with the register loses, by airline. Envoy Air {{ 96% | lost[\"MQ\"]:.0%}} of {{ 26,397 | rows[\"MQ\"]:, }} flights, American Airlines {{ 69% | lost[\"AA\"]:.0%}} of {{ 32,729 | rows[\"AA\"]:, }}. {{ No other | {*lost.index[-2:]} == {'MQ', 'AA'} }} is above {{ 7% | lost.iloc[-3]:.0%}}, left of a dashed line at {{ 16% | (~found).mean():.0%}}, the loss over all."
fig, ax = plt.subplots(figsize=(6.4, 4.4))
labels = [f"{names[code]} ({rows[code]:,})" for code in lost.index]
bars = ax.barh(labels, lost * 100, height=0.7)
ax.bar_label(bars, [f"{share:.0%}" for share in lost], padding=3, fontsize="small")
ax.axvline((~found).mean() * 100, color="k", linestyle="--", linewidth=1)
ax.annotate("over all", ((~found).mean() * 100 + 1, -0.1), fontsize="small")
ax.set(xlabel="flights that an inner join loses (%)", xlim=(0, 108))
ax.tick_params(axis="y", labelsize="small")
ax.grid(axis="y", visible=False)
plt.show()

# %% [markdown]
# By month there is nothing to see: {{ 15% | monthly.min():.0%}} to {{ 17% | monthly.max():.0%}}. A
# loss can look random in one column and total in another, so look in all of them. And look at the
# number of rows beside the share. {{ 15.6% | (~found).mean():.1%}} over all is true of nobody:
# {{ not one airline | not lost.between(0.1, 0.25).any() }} is near that line.
#
# Why? Read some keys.

# %%
unknown = flights[~found & flights.tailnum.notna()]
for code in ("AA", "MQ", "B6"):
    here = unknown[unknown.carrier == code].tailnum.value_counts()
    print(code, len(here), "unknown tail numbers, such as", *here.index[:5])

# %% [markdown]
# They look like tail numbers. They are not: [the package's own
# page](https://github.com/tidyverse/nycflights13/blob/main/R/planes.R) says that these two airlines
# "report fleet numbers rather than tail numbers". One column holds keys of two systems, which only
# the documentation knows.
#
# Now count the reasons apart.

# %%
reason = pd.Series("matched", index=flights.index)
reason[~found] = "not in the register"
reason[flights.tailnum.isna()] = "no tail number"
fleet = flights.carrier.isin(["AA", "MQ"]) & (reason == "not in the register")
reason[fleet] = "fleet number (AA, MQ)"
summary = flights.dep_time.isna().groupby(reason).agg(["size", "mean"])
summary.columns = ["flights", "cancelled"]
summary.sort_values("flights").round(4)

# %% [markdown]
# Three losses in one:
#
# - {{ 47,869 | summary.flights["fleet number (AA, MQ)"]:, }} flights have a key of another kind.
#   Nothing is wrong with them. They are most of two airlines.
# - {{ 2,512 | summary.flights["no tail number"]:, }} have no key, and
#   {{ 100% | summary.cancelled["no tail number"]:.0%}} of those were cancelled: no aircraft was ever
#   named. Here is the cancellation rate that went away. It is the outcome that deletes the row.
# - {{ 2,225 | summary.flights["not in the register"]:, }} are not in this snapshot of the register.
#
# ## And what it finds
#
# {{ 4% | 1 - lost["MQ"]:.0%}} of Envoy's flights do match. Look at their aircraft.

# %%
matched = flights.merge(planes, on="tailnum", suffixes=("", "_made"), validate="m:1")
envoy = matched[matched.carrier == "MQ"]
envoy.value_counts(["tailnum", "manufacturer", "model", "seats"]).to_frame("flights")

# %% [markdown]
# A business jet, two small Cessnas, and {{ 103 | (envoy.model == "CF-5D").sum() }} scheduled
# departures in a CF-5D: a two-seat fighter. Other people's aircraft happen to carry the marks that
# Envoy uses as fleet numbers. Not one of the {{ 1,000 | len(envoy):, }} matches can be right, and
# {{ 1,071 | tiny:, }} of American's flights are on aircraft with fewer than twenty seats. **A match
# is not a proof.** A loss at least leaves a hole; a false match fills it.
#
# After the inner join, the table still *mentions* Envoy. Everybody will take those
# {{ 1,000 | len(envoy):, }} flights for the airline.


# %%
def late_or_gone(table):
    """Return the share of an airline's flights that arrive late, or not at all."""
    bad = (table.arr_delay >= 15) | table.arr_delay.isna()
    return bad.groupby(table.carrier).mean()


before, after = late_or_gone(flights), late_or_gone(inner)
moved = pd.DataFrame({"all": before, "inner join": after, "change": after - before})
moved.loc[["MQ", "AA", "EV", "US", "UA", "B6"]].map("{:.1%}".format)

# %% [markdown]
# Envoy looks better than it is, {{ 28.7% | after["MQ"]:.1%}} late or lost instead of
# {{ 31.6% | before["MQ"]:.1%}}, and American worse, {{ 22.0% | after["AA"]:.1%}} instead of
# {{ 21.3% | before["AA"]:.1%}}. You could not have told the direction from the rows that are left.
# Nobody will complain either: the metric of the model is computed on the same surviving rows.
#
# ## Build it right: keep the row, add the knowledge
#
# The row is the flight. That its seats are unknown is a fact about the flight, and a fact goes into
# a column.

# %%
kept = flights.merge(seats, on="tailnum", how="left", validate="m:1", indicator="register")
assert len(kept) == len(flights)
kept["in_register"] = kept.pop("register") == "both"
foreign = kept.carrier.isin(["AA", "MQ"])  # keys of another kind: no match counts
kept.loc[foreign, ["seats", "in_register"]] = [None, False]
print(f"cancelled: {kept.dep_time.isna().mean():.2%}, as before")
print(f"seats known: {kept.seats.notna().mean():.1%}")

# %% [markdown]
# A warning about `in_register` as a *feature*: it is true for
# {{ none | gone_matched == 0 }} of the flights without a tail number, and those are
# the cancelled ones. Part of that flag is known only when it is too late. As a note about coverage
# it is honest; given to the model, it leaks. ([Why is it missing?](../4-cleaning/why-is-it-missing.md)
# has more of that kind.)
#
# Then decide what to do with the gap, in this order: find the right key (an airline knows which
# aircraft is fleet number 725); get a second source; live with the null; leave the column out. An
# inner join is not on the list.
#
# ## How a professional does it
#
# [Coverage](../glossary.md#coverage) is a property that a *delivery* has, and it changes. So it is
# checked at every delivery,
# by group, with limits that somebody wrote down. A [pandera](https://pandera.readthedocs.io/) check
# with `groupby` gets one series for each group:

# %%
import pandera.pandas as pa

FLEET_NUMBERS = ["AA", "MQ"]  # known, written down


def covered(groups):
    """Say whether nine in ten flights of all other airlines are in the register."""
    others = [found for code, found in groups.items() if code not in FLEET_NUMBERS]
    return all(found.mean() >= 0.9 for found in others)


enough = pa.Check(covered, groupby="carrier")
coverage = pa.DataFrameSchema({"carrier": pa.Column(str), "in_register": pa.Column(bool, enough)})
coverage.validate(kept)
live = load("flights_2023")
live["in_register"] = live.tailnum.isin(load("planes_2023").tailnum)
try:
    coverage.validate(live)
except pa.errors.SchemaError as failed:
    print("2023 fails:", failed.reason_code.name)
by_carrier = live.groupby("carrier").in_register.agg(["mean", "size"])
by_carrier.sort_values("mean").head(4).round(3)

# %% [markdown]
# The year 2013 passes, with its exceptions. 2023 fails, and not where you would look. American is
# now covered to {{ 100% | by_carrier["mean"]["AA"]:.0%}}, Envoy to
# {{ 80% | by_carrier["mean"]["MQ"]:.0%}}, and Allegiant (G4), which 2013 did not have, is missing
# whole: {{ 671 | g4_lost }} of {{ 671 | by_carrier["size"]["G4"] }} flights. Each year loses somebody
# else.
#
# ## Check yourself

# %% [markdown] tags=["question"]
# **A join loses 2% of the rows. When is that harmless?**
#
# - [ ] When there are many rows: 2% is little :: No:
#   {{ 0.7% | flights.tailnum.isna().mean():.1%}} of the flights, those without a tail number, were
#   {{ 30% | no_tail_of_cancelled:.0%}} of all cancellations.
# - [x] When they are spread alike over every group that matters, the outcome included :: Yes, and
#   that is something you measure, not assume.
# - [ ] When the rate of the target stays the same :: No: over all groups it can stay by luck, while
#   one airline is gone.

# %% [markdown] tags=["question"]
# **Coverage by month is flat, between {{ 15% | monthly.min():.0%}} and
# {{ 17% | monthly.max():.0%}} lost. So the loss is random?**
#
# - [ ] Yes, a pattern would show :: No: it shows as soon as you group by airline.
# - [x] No: it is only unrelated to the month :: Yes: group by every column that you will use, and
#   by the target.
# - [ ] Yes, twelve groups are enough for a test :: No: a test of months says something about
#   months.

# %% [markdown] tags=["question"]
# **What do you do with Envoy Air's flights in the table for the model?**
#
# - [ ] Drop them; we cannot know their seats :: No: travelers on them want the text, too.
# - [ ] Keep those that match; they have real seats :: No: they have the seats of somebody's Cessna.
# - [x] Keep them, all with seats null, and the reason in the data card :: Yes: a row with a gap is
#   still a flight, and the false matches have to go. The gap has an owner now.

# %% [markdown]
# ## Take to work
#
# - Before a join: coverage by group, worst first, with n. It is one line with `isin`.
# - The share over all is the one number that describes nobody.
# - Count reasons apart: no key, unknown key, key of another kind. Each has its own repair.
# - Read some matches, not only the losses. Would that aircraft fly that route?
# - Left join, `indicator`, a written limit for each group. Watch it with every delivery.
#
# **Exercise:** [`coverage_report`](../exercises/coverage_report.md): the table to look at first, for
# any two tables, keys and groups, nulls included.
#
# **Next:** [Time zones and as-of](time-zones-and-as-of.md): a join that loses almost nothing, and is
# wrong in every row.
#
# **Sources:** data cards of [flights](../data/flights.md) and
# [planes](../data/planes-airports-airlines.md) · [nycflights13, documentation of
# `planes`](https://github.com/tidyverse/nycflights13/blob/main/R/planes.R), on fleet numbers ·
# [pandas.merge](https://pandas.pydata.org/docs/reference/api/pandas.merge.html), `indicator` and
# `validate` · [pandera on checks](https://pandera.readthedocs.io/en/stable/checks.html)

# %% tags=["remove-cell"]
# The figures that only the text states.
monthly = (~found).groupby(flights.month).mean()
gone_matched = kept.in_register[kept.tailnum.isna()].mean()
tiny = ((matched.carrier == "AA") & (matched.seats < 20)).sum()
g4_lost = (~live.in_register[live.carrier == "G4"]).sum()
no_tail_of_cancelled = flights.tailnum.isna()[flights.dep_time.isna()].mean()
