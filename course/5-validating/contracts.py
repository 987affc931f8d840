# ---
# jupyter:
#   kernelspec: {display_name: Python 3, language: python, name: python3}
#   course: {minutes: 35, difficulty: 2, needs: [4-cleaning/why-is-it-missing],
#     exercises: [contract]}
# ---

# %% [markdown]
# # Contracts
#
# The model goes live, and the tables of 2023 arrive. Flights and weather have the same
# {{ 34 | same_names:.0f }} columns as in 2013, in the same order, with the same types. The check
# that somebody wrote passes. And in **{{ 52 | hour_wrong }} of {{ 52 | len(live) }} weeks** the
# column `hour` is not the hour, and the gusts are made up.
#
# Names and types are the envelope. Nobody looked at the letter.
#
# After this lesson you can
#
# - **write** checks that hold in every season, because they are about meaning;
# - **price** a check: how often does it cry wolf, and what does it find?
# - **report** everything that is wrong at once, to whom it concerns.

# %%
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from grader import load

pairs = {name: (load(f"{name}_2013"), load(f"{name}_2023")) for name in ["flights", "weather"]}
same_names = 0
for name, (old, new) in pairs.items():
    assert list(old.dtypes.items()) == list(new.dtypes.items())  # names, order, types
    same_names += len(old.columns)
    print(f"{name}: {len(old.columns)} columns as before")

ZONE = "America/New_York"


def weeks(weather):
    """Return the 52 whole weeks of a year, as they would have been delivered."""
    weather = weather[~(weather.wind_speed > 253)]  # one reading of 1,048 mph, in quarantine
    week = (weather.time_hour.dt.tz_convert(ZONE).dt.day_of_year - 1) // 7
    return [rows for number, rows in weather.groupby(week) if number < 52]


good, live = (weeks(weather) for weather in pairs["weather"])

# %% [markdown]
# ## Build it wrong: learn the limits
#
# So look at values. The usual next step learns the smallest and largest value of each column from
# the data at hand, here the first 13 weeks of 2013, and refuses what lies outside.

# %%
NUMBERS = ["temp", "dewp", "humid", "wind_speed", "precip", "pressure", "visib"]


def limits(history, widen):
    """Return the range of each column, made wider around its middle."""
    values = pd.concat(history)[NUMBERS]
    middle, half = (values.max() + values.min()) / 2, (values.max() - values.min()) / 2
    return middle - widen * half, middle + widen * half


def alarms(week, bounds):
    """Say whether any value lies outside."""
    low, high = bounds
    return ((week[NUMBERS] < low) | (week[NUMBERS] > high)).any(axis=None)


def celsius(week):
    """Damage a week: temperatures arrive in Celsius."""
    return week.assign(temp=(week.temp - 32) / 1.8, dewp=(week.dewp - 32) / 1.8)


later, widths = good[13:], [1, 1.1, 1.25, 1.5, 2, 2.5, 3]
tried = {}
for name, history in {"13 weeks": good[:13], "a year": good}.items():
    for widen in widths:
        bounds = limits(history, widen)
        wolf = np.mean([alarms(week, bounds) for week in later])
        found = np.mean([alarms(celsius(week), bounds) for week in later])
        tried[name, widen] = {"wolf": wolf, "found": found}
tried = pd.DataFrame(tried).T

# %% alt="Two panels: share of {{ 39 | len(later) }} later weeks that alarm, against how much the learned limits were widened. Left, limits from {{ 13 | len(good) - len(later) }} weeks: good weeks fall from {{ 95% | tried.wolf['13 weeks', 1]:.0%}} to {{ 8% | tried.wolf['13 weeks', 3]:.0%}}, and weeks in Celsius fall from {{ 74% | tried.found['13 weeks', 1]:.0%}} to the same {{ 8% | tried.found['13 weeks', 3]:.0%}}, {{ never above the good weeks | (tried.found['13 weeks'] <= tried.wolf['13 weeks']).all() }}. Right, limits from a year: good weeks {{ stay at zero | not tried.wolf['a year'].any() }}, weeks in Celsius fall from {{ 59% | tried.found['a year', 1]:.0%}} to {{ 0% | tried.found['a year', 3]:.0%}}." tags=["hide-input"]
fig, axes = plt.subplots(1, 2, figsize=(6.8, 3.2), sharey=True)
for ax, name in zip(axes, ["13 weeks", "a year"], strict=True):
    ax.plot(widths, 100 * tried.wolf[name], "o-", label="good weeks: false alarms")
    ax.plot(widths, 100 * tried.found[name], "s--", label="weeks in Celsius: found")
    ax.set(title=f"limits from {name}", xlabel="learned range times", ylim=(-3, 103))
axes[0].set(ylabel="weeks that alarm (%)")
axes[1].legend()
plt.show()

# %% [markdown]
# With limits from 13 weeks, {{ 95% | tried.wolf["13 weeks", 1]:.0%}} of the good weeks alarm: the
# first warm day of April is an outlier. People do with such a check what they do with a smoke
# detector over the toaster. Widen it to twice the range, and
# {{ 28% | tried.wolf["13 weeks", 2]:.0%}} still alarm,
# {{ more | tried.wolf["13 weeks", 2] > tried.found["13 weeks", 2] }} than the
# {{ 21% | tried.found["13 weeks", 2]:.0%}} of weeks found when they really are in Celsius.
#
# A whole year of history cures the false alarms (on the year it was learned from). It does not cure
# the blindness: with a tenth of slack {{ 59% | 1 - tried.found["a year", 1.1]:.0%}} of the weeks
# pass in Celsius. A summer's day in Celsius is a winter's day in Fahrenheit, and the limits know
# both.
#
# ## Find the cause
#
# A range says what values *have been*. A season, a storm or a new route changes that without being
# wrong. Ask instead what **cannot be, in any season**:
#
# | | Source | Example |
# |---|---|---|
# | definition | what the column means | `hour` is New York's hour of `time_hour` |
# | physics | what cannot be | air is not colder than its dew point; humidity follows from both |
# | grain | what a row is | one row for each airport and hour |
# | process | how it is made | most hours have no gust, so most are null |
#
# Such rules tie columns *to each other*. They can be tight, because summer does not move them.


# %%
def vapor(fahrenheit):
    """Return the saturation vapor pressure, up to a factor (Magnus formula)."""
    degrees = (fahrenheit - 32) / 1.8
    return np.exp(17.625 * degrees / (243.04 + degrees))


def humidity_follows(week):
    """Relative humidity is what temperature and dew point say, in most hours."""
    return (100 * vapor(week.dewp) / vapor(week.temp) - week.humid).abs().median() < 1


def dew_point_is_below(week):
    """No air is colder than its dew point."""
    return not (week.temp < week.dewp).any()


def hour_is_local(week):
    """The column hour is New York's hour of time_hour."""
    return (week.time_hour.dt.tz_convert(ZONE).dt.hour == week.hour).all()


def most_hours_have_no_gust(week):
    """A null gust means that there was none, and most hours have none."""
    return 0.4 < week.wind_gust.isna().mean() < 1


def gust_is_measured(week):
    """A gust is not the wind speed times a constant."""
    return (week.wind_gust / week.wind_speed).round(3).nunique() > 1


def pressure_has_gaps(week):
    """In bad weather some pressures are missing; a week with none was filled."""
    return week.pressure.isna().any()


def afternoons_are_warm(week):
    """The warmest hour of the day is between eleven and five, New York's time."""
    local = week.time_hour.dt.tz_convert(ZONE).dt.hour
    return 11 <= week.temp.groupby(local).mean().idxmax() <= 17


RULES = [humidity_follows, dew_point_is_below, hour_is_local, most_hours_have_no_gust]
RULES += [gust_is_measured, pressure_has_gaps, afternoons_are_warm]

# %% [markdown]
# Now price them, before they go live. Each rule sees {{ 52 | len(good) }} good weeks, and the same
# weeks with damage that you planted.


# %%
def shifted(hours):
    """Return a damage: the clock is off, in both of its columns."""
    step = pd.Timedelta(hours=hours)

    def damage(week):
        time_hour = week.time_hour + step
        return week.assign(time_hour=time_hour, hour=time_hour.dt.tz_convert(ZONE).dt.hour)

    return damage


damages = {
    "none": lambda week: week,
    "Celsius": celsius,
    "gust copied": lambda week: week.assign(wind_gust=week.wind_speed * 1.15078),
    "pressure filled": lambda week: week.fillna({"pressure": 1018}),
    "clock off by 5": shifted(5),
    "clock off by 1": shifted(1),
}
broken = pd.DataFrame(
    {
        name: {rule.__name__: np.mean([not rule(damage(week)) for week in good]) for rule in RULES}
        for name, damage in damages.items()
    }
)
(100 * broken).round().astype(int)  # percent of weeks in which a rule is broken

# %% [markdown]
# The first column is the price: {{ 0% | broken["none"].max():.0%}} false alarms. Celsius is found
# in {{ 100% | broken["Celsius"].max():.0%}} of the weeks, the copied gust and the filled pressure,
# too, and a clock that is five hours off in {{ 96% | broken["clock off by 5"].max():.0%}}. One
# hour off, in both columns, is found in {{ 0% | broken["clock off by 1"].max():.0%}}. Write that
# down as well: **what your [contract](../glossary.md#contract) cannot see**. It needs another
# source, or patience.
#
# These rules have been tuned on the year that judges them, so expect the odd false alarm in the
# next one. It should come with the name of the rule and the rows, so that a person can decide in a
# minute.
#
# ## How a professional does it
#
# [pandera](https://pandera.readthedocs.io/) holds names, types, limits and rules in one schema.
# `lazy=True` collects **all** faults instead of stopping at the first: three faults found on three
# Mondays are two bad weeks too many. Limits stay, where they say what is *impossible* rather than
# what is unusual.

# %%
import pandera.pandas as pa

columns = {
    "origin": pa.Column(str, pa.Check.isin(["EWR", "JFK", "LGA"])),
    "time_hour": pa.Column("datetime64[us, UTC]"),
    "hour": pa.Column(int, pa.Check.in_range(0, 23)),
    "temp": pa.Column(float, pa.Check.in_range(-40, 130), nullable=True),
    "humid": pa.Column(float, pa.Check.in_range(0, 100), nullable=True),
    "wind_speed": pa.Column(float, pa.Check.in_range(0, 150), nullable=True),
    "pressure": pa.Column(float, pa.Check.in_range(870, 1085), nullable=True),
}
contract = pa.DataFrameSchema(
    columns,
    checks=[pa.Check(rule, name=rule.__name__) for rule in RULES],
    unique=["origin", "time_hour"],
)


def report(week):
    """Return the names of all checks that a delivery fails."""
    try:
        contract.validate(week, lazy=True)
    except pa.errors.SchemaErrors as errors:
        return sorted(set(errors.failure_cases["check"].astype(str)))
    return []


print("2013:", sum(len(report(week)) for week in good), "faults in", len(good), "weeks")
live_faults = pd.Series([fault for week in live for fault in report(week)]).value_counts()
print(f"2023, weeks of {len(live)}:\n{live_faults.to_string()}")

# %% tags=["remove-cell"]
hour_wrong = sum(not hour_is_local(week) for week in live)
gaps_wrong = sum(not pressure_has_gaps(week) for week in live)

# %% [markdown]
# 2013 passes without a word, and 2023 fails from the first Monday, with names:
#
# - `hour` holds UTC where it held New York's hour, in all {{ 52 | hour_wrong }} weeks. In the
#   flights it is the other way round: there `hour` is right, and `time_hour` is New York's clock
#   that says UTC.
# - `wind_gust` is the wind speed times a constant, and its nulls are gone.
# - `pressure` has no gaps in {{ 45 | gaps_wrong }} weeks. Perhaps the station improved, perhaps
#   somebody filled them. That is not a fault; it is a telephone call, and you want to have made it
#   before the model learned what a null meant.
#
# So not every broken rule should stop the service. Give each a consequence when you write it:
# *refuse* the delivery (clock, keys, units), or *tell somebody* (gaps). pandera marks the second
# kind with `raise_warning=True`. Alternatives with reports for other departments are
# [Pointblank](https://posit-dev.github.io/pointblank/) and [Great
# Expectations](https://docs.greatexpectations.io/).
#
# ## Check yourself

# %% [markdown] tags=["question"]
# **A check alarms in {{ 28% | tried.wolf["13 weeks", 2]:.0%}} of good weeks and finds
# {{ 21% | tried.found["13 weeks", 2]:.0%}} of the weeks in Celsius. Keep it, as better than
# nothing?**
#
# - [ ] Yes: {{ 21% | tried.found["13 weeks", 2]:.0%}} is more than zero :: No: it alarms at least
#   as often without the damage. It finds nothing; it rolls dice.
# - [x] No: it says no more about damaged weeks than about good ones :: Yes: price a check by both
#   numbers. And after the fifth false alarm nobody reads the sixth.
# - [ ] Widen it until the false alarms are gone :: No: then it finds nothing either.

# %% [markdown] tags=["question"]
# **Which of these rules belongs into a contract for weekly flights?**
#
# - [ ] At least 5,000 flights a week :: No: a snowstorm, a strike or a closed airport is not a
#   fault of the table.
# - [ ] Only tail numbers that are in the register :: No: airlines buy aircraft.
# - [x] No arrival delay for a flight that never departed :: Yes: it follows from what the columns
#   mean, in any week of any year.

# %% [markdown] tags=["question"]
# **Why collect all faults, when one is enough to refuse the delivery?**
#
# - [x] Because whoever repairs it wants the whole list :: Yes: else each repair uncovers the next
#   fault, a delivery later.
# - [ ] Because the number of faults is a measure of quality :: No: one wrong clock is worse than
#   ten odd tail numbers.
# - [ ] It is slower, and no better :: No: slower by milliseconds.

# %% [markdown]
# ## Take to work
#
# - Names and types are the envelope. Write rules about meaning: definition, physics, grain,
#   process.
# - Prefer rules *between* columns. They hold all year.
# - Price each rule on good weeks and on planted damage, and write down what it cannot see.
# - Report all faults, with a name and a consequence. Refuse, or telephone.
#
# **Exercise:** [`contract`](../exercises/contract.md): twelve damages to be found, and good weeks
# that have to pass: quiet days, a closed airport, new aircraft.
#
# **Sources:** data cards of [flights](../data/flights.md) and [weather](../data/weather.md) · O. A.
# Alduchov and R. E. Eskridge, [*Improved Magnus form approximation of saturation vapor
# pressure*](https://doi.org/10.1175/1520-0450%281996%29035%3C0601:IMFAOS%3E2.0.CO;2), J. Applied
# Meteorology 35 (1996), for the two constants · N. Polyzotis et al., [*Data validation for machine
# learning*](https://proceedings.mlsys.org/paper_files/paper/2019/hash/928f1160e52192e3e0017fb63ab65391-Abstract.html),
# MLSys (2019) · [pandera on lazy
# validation](https://pandera.readthedocs.io/en/stable/lazy_validation.html)
