# ---
# jupyter:
#   kernelspec: {display_name: Python 3, language: python, name: python3}
#   course: {minutes: 30, difficulty: 2, needs: [7-monitoring/what-can-you-see],
#     exercises: [late_rate_asof]}
# ---

# %% [markdown]
# # Labels arrive late
#
# Every evening at 18:00 the dashboard counts the flights that have landed. On average
# {{ 16.3% | evening.landed.mean():.1%}} of them were late. Of the flights that were due to leave by
# then, {{ 21.8% | evening.truth.mean():.1%}} *ended up* late. On 24 June it says
# **{{ 17% | evening.landed["2013-06-24"]:.0%}}**, an ordinary day. The truth is
# **{{ 42% | evening.truth["2013-06-24"]:.0%}}**.
#
# The worse the day, the better it looks at six.
#
# After this lesson you can
#
# - **see** why the labels that you have are not a sample of those you will have;
# - **score** only cohorts whose labels are all in, cancellations included;
# - **use** what you know about the rest without making it up.
#
# ## What is known when
#
# Each flight gets two moments in UTC: when it is **due**, and when it **landed**, which is null for
# those that never did. The arrival clock is local at the destination, so every flight needs a time
# zone.

# %% tags=["hide-input"]
import matplotlib.pyplot as plt
import pandas as pd

from grader import load

HOUR, LATE = pd.Timedelta(hours=1), pd.Timedelta(minutes=15)
flights = load("flights_2013")
zones = load("airports_2013").set_index("faa").tzone
# Four airports in the Caribbean are not in the register.
flights["zone"] = flights.dest.map(zones).fillna("America/Puerto_Rico")
flights["leaves"] = flights.time_hour + pd.to_timedelta(flights.minute, unit="m")


def due(rows):
    """Return the scheduled arrival in UTC of flights to one time zone."""
    zone, clock = rows.zone.iloc[0], rows.sched_arr_time
    leaves = rows.leaves.dt.tz_convert(zone).dt.tz_localize(None)
    local = leaves.dt.normalize() + pd.to_timedelta(clock // 100 * 60 + clock % 100, unit="m")
    local = local.where(local > leaves - HOUR, local + 24 * HOUR)  # past midnight
    return local.dt.tz_localize(zone, ambiguous=True, nonexistent="shift_forward").dt.tz_convert(
        "UTC"
    )


flights["due"] = pd.concat([due(rows) for _, rows in flights.groupby("zone")])
flights["landed"] = flights.due + pd.to_timedelta(flights.arr_delay, unit="m")
flights["day"] = flights.time_hour.dt.tz_convert("America/New_York").dt.normalize()

# %%
flights["late"] = flights.landed - flights.due >= LATE  # null is not late: see below
flights[["day", "dest", "zone", "due", "landed", "late"]].sample(4, random_state=1)

# %% [markdown]
# ## Build it wrong: count what you have
#
# At each full hour, the late rate among the flights that have landed by then. Beside it, the rate
# among those that by the timetable have left by then, once all of them are down. (The timetable
# decides, not the runway: at 18:00, {{ 3.4% | at_gate.mean():.1%}} of them are still at the gate.)


# %%
def at(hour):
    """Return the late rate of each day as seen at an hour, and as it turns out."""
    now = flights.day + hour * HOUR
    down = flights.landed.notna()
    seen = flights[flights.landed <= now].groupby("day").late.mean()
    truth = flights[down & (flights.leaves <= now)].groupby("day").late.mean()
    return pd.DataFrame({"landed": seen, "truth": truth})


evening = at(18)
six = flights.day + 18 * HOUR
due_out = flights[(flights.leaves <= six) & flights.landed.notna()]
at_gate = due_out.leaves + pd.to_timedelta(due_out.dep_delay, unit="m") > six[due_out.index]
gap = evening.truth - evening.landed
print(f"at 18:00 the truth is higher on {(gap > 0).mean():.0%} of days")
evening.assign(gap=gap).nlargest(4, "gap").round(3)

# %% [markdown]
# It is not noise, because it has one direction: too good, on {{ 98% | (gap > 0).mean():.0%}} of
# days. So the average over a month is too good as well.

# %% alt="Line chart for 24 June 2013, from noon to six the next morning. The solid line, late rate among flights landed so far, climbs from {{ 6% | june.landed[12] / 100:.0%}} at noon through {{ 17% | june.landed[18] / 100:.0%}} at 18:00 to {{ 49% | june.landed.max() / 100:.0%}} in the night. The dashed line, what the flights due to leave by then turned out to be, {{ is far above it all afternoon | (june.truth - june.landed).loc[12:18].min() > 8 }}, at {{ 42% | june.truth[18] / 100:.0%}} at 18:00, and both meet {{ only toward the morning | (june.truth - june.landed).loc[:26].min() > 3 > 0.5 > (june.truth - june.landed)[30] }}."
hours = range(12, 31)
june = pd.DataFrame({hour: at(hour).loc["2013-06-24"] for hour in hours}).T * 100
fig, ax = plt.subplots(figsize=(7.2, 3.5))
ax.plot(june.landed, label="of those landed so far")
ax.plot(june.truth, "--", label="of those due to leave, in the end")
ax.axvline(18, color="C5", lw=1, ls=":")
ax.annotate("the dashboard", (18, 2), xytext=(4, 0), textcoords="offset points")
ax.set(ylabel="late (%)", ylim=(0, 55), title="24 June 2013")
ax.set_xticks(range(12, 31, 3), ["noon", "15:00", "18:00", "21:00", "midnight", "3:00", "6:00"])
ax.legend(loc="lower right")
plt.show()

# %% [markdown]
# ## Find the cause: the label decides when it arrives
#
# Take the flights due between 17:30 and 18:00, and look at six. Which of them have a label?

# %%
due_now = flights[(flights.due > six - HOUR / 2) & (flights.due <= six) & flights.landed.notna()]
known = due_now.landed <= due_now.day + 18 * HOUR
rates = due_now.late.groupby(known).agg(["size", "mean"])
rates.index = ["not landed by 18:00", "landed by 18:00"]
rates.round(3)

# %% [markdown]
# {{ 3.3% | rates["mean"].iloc[1]:.1%}} of the landed are late, and
# {{ 87% | rates["mean"].iloc[0]:.0%}} of the others. A punctual flight delivers its label on time.
# A late flight delivers it *late*. In statistics this is called
# [censoring](../glossary.md#censoring). It has nothing to do
# with flights: customers who have not churned *yet*, loans that have not defaulted *yet*, patients
# who are still well.
#
# And some labels never come. {{ 9,430 | flights.landed.isna().sum():, }} flights were cancelled or
# landed elsewhere. Filter on `landed` and you will wait for them for ever: the year's late rate is
# {{ 24.5% | flights.late[flights.landed.notna()].mean():.1%}} of the landed, but
# {{ 26.6% | (flights.late | flights.landed.isna()).mean():.1%}} of the travelers were not there on
# time.
#
# Now put a model beside it, a perfect one, that says {{ 21.8% | evening.truth.mean():.1%}} where the
# truth is {{ 21.8% | evening.truth.mean():.1%}}. At six it seems to promise
# {{ 5.5 | gap.mean() * 100:.1f }} points too many, on average. Somebody will "recalibrate" it.
#
# ## Build it right: wait for the whole cohort
#
# Give the label a **[window](../glossary.md#window)**: three hours after a flight was due, its
# label is decided. Landed less
# than 15 minutes late is *on time*; anything else, whether late, cancelled or in Boston, is *late*.
# Then ask at any moment `now`:
#
# - a flight is **finished** when `due + window <= now`, whatever has become of it;
# - a **[cohort](../glossary.md#cohort)**, here the flights due in the same hour, is scored when all
#   of it is finished.

# %%
WINDOW = 3 * HOUR
flights["outcome"] = ~(flights.landed - flights.due < LATE)  # null is late


def scored(now):
    """Return the late rate of each hour's arrivals whose window is over."""
    cohort = flights.due.dt.floor("h")
    over = cohort + HOUR + WINDOW <= now
    return flights[over].groupby(cohort[over]).outcome.mean()


now = pd.Timestamp("2013-06-24 18:00", tz="America/New_York")
late_at_six = scored(now)
a_week_later = scored(now + pd.Timedelta(days=7)).loc[late_at_six.index]
assert (late_at_six == a_week_later).all()
late_at_six.tail(3)

# %% [markdown]
# The assertion is the point. What a finished cohort says at six it says a week later, and next
# year. A number that is true today and another one tomorrow cannot be compared with anything.
#
# The price is age. At 18:00 the latest cohort was due between 14:00 and 15:00 (18:00 UTC). But it
# says {{ 29% | late_at_six.iloc[-1]:.0%}}, where the dashboard says
# {{ 17% | evening.landed["2013-06-24"]:.0%}} for the whole day: older, and
# {{ closer to the truth | abs(late_at_six.iloc[-1] - evening.truth["2013-06-24"]) <
# abs(evening.landed["2013-06-24"] - evening.truth["2013-06-24"]) }}.
#
# Two ways to get this subtly wrong:

# %%
local = pd.concat(
    [rows.due.dt.tz_convert(zone).dt.tz_localize(None) for zone, rows in flights.groupby("zone")]
).reindex(flights.index)
naive = local.dt.tz_localize("America/New_York", ambiguous=True, nonexistent="shift_forward")
early = (naive + WINDOW <= six) & (flights.due + WINDOW > six)
not_down = early & (flights.landed > six)
print(f"clocks read as New York time: {early.sum():,} flights finished too early,")
print(f"                              {not_down.sum():,} of them not landed yet")
slow = flights[(flights.due + WINDOW <= six) & flights.landed.notna()]
print(f"filter on landed: {slow.outcome.mean():.1%} instead of ", end="")
print(f"{flights[flights.due + WINDOW <= six].outcome.mean():.1%}")

# %% [markdown]
# A window in local clocks closes three hours early in California. A cancelled flight has no
# landing, so only the *schedule* may decide whether it is finished. In short: **membership in a
# cohort must not depend on the outcome.**
#
# ## How a professional does it
#
# The flights that have not landed are not unknown. One that was due at 17:20 is 40 minutes late
# *at least*. The [Kaplan-Meier estimator](../glossary.md#kaplan-meier), the workhorse of survival
# analysis, uses exactly that, and SciPy has it:
# [`ecdf`](https://docs.scipy.org/doc/scipy/reference/generated/scipy.stats.ecdf.html) of
# `CensoredData`.

# %%
from scipy.stats import CensoredData, ecdf


def kaplan_meier(rows, now):
    """Return the estimated late rate of flights, some of which have not landed yet."""
    delay = (rows.landed - rows.due) / pd.Timedelta(minutes=1)
    so_far = (now - rows.due) / pd.Timedelta(minutes=1)
    down = (rows.landed <= now).to_numpy()
    data = CensoredData(uncensored=delay[down], right=so_far[~down])
    return float(ecdf(data).sf.evaluate(LATE.seconds / 60 - 1))


evening["estimate"] = {
    day: kaplan_meier(rows, day + 18 * HOUR) for day, rows in due_out.groupby("day")
}
error = evening[["landed", "estimate"]].sub(evening.truth, axis=0)
pd.DataFrame({"mean error": error.mean(), "24 June": error.loc["2013-06-24"]}).round(3)

# %% [markdown]
# Kaplan-Meier {{ almost halves | 0.5 < error.estimate.mean() / error.landed.mean() < 0.6 }} the
# mean error at six, from {{ -5.5 | error.landed.mean() * 100:.1f }} points to
# {{ -3.0 | error.estimate.mean() * 100:.1f }}. It does not remove it, and the reason is in the
# small print: it assumes that flights that have not landed are like the others. They are the
# evening's flights, and evenings are worse. So use it as an early warning, beside the finished
# cohorts and with its name on it: an estimate.
#
# ## Check yourself

# %% [markdown] tags=["question"]
# **At six, {{ 16% | evening.landed.mean():.0%}} of the landed flights were late. What is the bias?**
#
# - [ ] None on average: some flights land early, some late :: No: it is too low on
#   {{ 98% | (gap > 0).mean():.0%}} of days.
# - [x] Too low, since late flights are those whose label is missing :: Yes: when a label arrives
#   depends on what it says.
# - [ ] Too low, but more flights a day would help :: No: more of the same sample is the same bias
#   with more digits.

# %% [markdown] tags=["question"]
# **A cancelled flight never lands. When does it enter the late rate?**
#
# - [ ] Never: it has no delay :: No: its traveler had the worst day of all.
# - [ ] When it is cancelled, since it is clear from then on :: No: then bad news enters before good
#   news, and the cohort is biased the other way.
# - [x] With its cohort, when the window is over :: Yes: the schedule decides when it counts, for
#   all outcomes alike.

# %% [markdown] tags=["question"]
# **Your window is three hours. A flight lands five hours late. What does it do to the rate?**
#
# - [x] Nothing more: after three hours it was counted as late :: Yes: the window must be long
#   enough to *decide* the label, not to know the delay.
# - [ ] It raises yesterday's rate afterwards :: No: then the number that you reported would change,
#   and the window was chosen so that it does not.
# - [ ] It is left out, because its label came after the window :: No: that would drop the worst
#   flights, as the filter on `landed` does.

# %% [markdown]
# ## Take to work
#
# - Ask of every label: does its value decide when it arrives? Nearly always it does.
# - Score cohorts whose window is over. The schedule decides membership, never the outcome.
# - Test it: what you report about the past must not change when the future arrives.
# - Estimates for the unfinished are welcome, if nobody can mistake them for results.
#
# **Exercise:** [`late_rate_asof`](../exercises/late_rate_asof.md): the late rate by day as it can
# be known at a moment, across time zones and cancellations.
#
# **Sources:** data cards of [flights](../data/flights.md) and
# [airports](../data/planes-airports-airlines.md) · E. L. Kaplan and P. Meier, [*Nonparametric
# Estimation from Incomplete Observations*](https://doi.org/10.1080/01621459.1958.10501452), Journal
# of the American Statistical Association 53 (1958) · O. Chapelle, [*Modeling Delayed Feedback in
# Display Advertising*](https://doi.org/10.1145/2623330.2623634), KDD 2014
