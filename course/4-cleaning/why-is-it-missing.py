# ---
# jupyter:
#   kernelspec: {display_name: Python 3, language: python, name: python3}
#   course: {minutes: 35, difficulty: 3, needs: [4-cleaning/look-before-you-fix],
#     exercises: [group_median_imputer]}
# ---

# %% [markdown]
# # Why is it missing?
#
# `wind_gust` is null in {{ 79.6% | weather.wind_gust.isna().mean():.1%}} of the hours of 2013, and
# the model refuses nulls, so somebody filled them with the median. In {{ 1,256 | calm.sum():, }}
# hours without a breath of wind the table now reports gusts of
# **{{ 24 | filled[calm].iloc[0]:.0f }} mph**.
#
# A null is not a hole in the data. It is a value with several meanings and one spelling.
#
# After this lesson you can
#
# - **tell** *there was none* from *we do not know*, with a plot;
# - **fill** without forgetting: learn from the training rows only, and keep a flag;
# - **notice** when a null changes its meaning.

# %%
import matplotlib.pyplot as plt
import pandas as pd

from grader import load

flights, weather = load("flights_2013"), load("weather_2013")
weather = weather[~(weather.wind_speed > 253)].copy()  # in quarantine since 4.1
nulls = weather.isna().mean()
nulls[nulls > 0.01].map("{:.1%}".format)

# %% [markdown]
# ## Build it wrong

# %%
filled = weather.wind_gust.fillna(weather.wind_gust.median())
calm = weather.wind_speed == 0
print("gusts in calm hours:", filled[calm].round(1).unique())
print("hours with gusts of 20 mph or more:")
print(f"{(filled >= 20).mean():.0%} filled, {(weather.wind_gust >= 20).mean():.0%} reported")

# %% [markdown]
# A feature "gusty" would say yes in {{ 96% | (filled >= 20).mean():.0%}} of all hours. Dropping the
# rows is no better: you would keep the windy fifth of the year ([Look before you
# fix](look-before-you-fix.md) did that).
#
# ## Find the cause: plot the null against what you know
#
# A null has a neighborhood. Take a column that is *not* null, cut it into bins, and draw the share
# of nulls in each.


# %% alt="Two bar charts of the share of hours that are null. Left: wind gust against wind speed. At no wind {{ all | gust_null.iloc[0] == 1 }} are null, up to {{ 12 | gust_null.index[3] }} knots {{ 77% | gust_null.iloc[3]:.0%}}, and above {{ 24 | gust_null.index[-2] }} knots {{ 3% | gust_null.iloc[-1]:.0%}}. Right: pressure against visibility. With {{ 2 | pressure_null.index[0] }} miles or less {{ 56% | pressure_null.iloc[0]:.0%}} are null, and the share {{ falls step by step | pressure_null.is_monotonic_decreasing }} to {{ 5% | pressure_null.iloc[-1]:.0%}} at {{ 10 | pressure_null.index[-1] }} miles."
def null_share(column, by, edges):
    """Return the share of nulls in bins of another column."""
    bins = pd.cut(by, edges, labels=[f"{edge}" for edge in edges[1:]])
    return weather[column].isna().groupby(bins, observed=True).mean()


knots = weather.wind_speed / 1.15078  # the table has miles an hour
knot_edges = [-1, 0, 6, 9, 12, 15, 18, 21, 24, 50]
gust_null = null_share("wind_gust", knots, knot_edges)
pressure_null = null_share("pressure", weather.visib, [-1, 2, 4, 6, 8, 9, 10])

fig, (left, right) = plt.subplots(1, 2, figsize=(6.4, 3.2), sharey=True)
left.bar(gust_null.index, gust_null * 100)
left.set(title="wind_gust", xlabel="wind speed, up to (knots)")
left.set(ylabel="hours that are null (%)")
right.bar(pressure_null.index, pressure_null * 100, color="C1")
right.set(title="pressure", xlabel="visibility, up to (miles)")
plt.show()

# %% [markdown]
# Two nulls, two stories.
#
# **`wind_gust`** goes from always null to hardly ever as the wind rises. Stations report a gust
# only when the speed swings by ten knots or more between peaks and lulls (Federal Meteorological
# Handbook No. 1). No gust was lost. There *was none*.
#
# **`pressure`** exists in every hour of every day. It was not written down, most often in bad
# weather. It is *unknown*. The table does not say why; the [script that built
# it](https://github.com/tidyverse/nycflights13/blob/main/data-raw/weather.R) gives a hint. It keeps
# the first report of each hour. When the weather turns, stations send extra reports, and [these can
# lack the sea-level pressure](https://mesonet.agron.iastate.edu/onsite/news.phtml?id=1434).
# Probably that is the reason.
#
# A third null sits in the flights:

# %%
fate = flights.dep_time.isna().map({True: "cancelled", False: "left"})
no_tailnum = flights.tailnum.isna().rename("no tail number")
pd.crosstab(no_tailnum, fate.rename("fate"))

# %% [markdown]
# All {{ 2,512 | flights.tailnum.isna().sum():, }} flights without a tail number were cancelled,
# every single one. This null is *the answer*. Fill it with `"unknown"`, and the model will look
# brilliant, until it has to speak before anybody knows.
#
# | null in | means | do |
# |---|---|---|
# | `wind_gust` | there was none | say so: fill with the wind speed, flag *no gust* |
# | `pressure` | unknown, mostly in bad weather | fill with a learned value, **keep a flag** |
# | `tailnum` | decided by the outcome | do not use it, nor its null |
#
# [Rubin (1976)](https://doi.org/10.1093/biomet/63.3.581) asked what a value's absence depends on,
# and the textbooks made [three classes](../glossary.md#missing-at-random) of it: on nothing
# (*completely at random*), on what you can
# see (*at random*), on the missing value itself (*not at random*). A plot tells the first from the
# second: bars of equal height or not. The third you cannot test, because the evidence is what is
# missing. You have to find out how the data came about.
#
# ## Build it right: learn from training rows, keep a flag
#
# *None* needs no statistics.

# %%
weather["gusty"] = weather.wind_gust.notna()
weather["gust_or_wind"] = weather.wind_gust.fillna(weather.wind_speed)

# %% [markdown]
# *Unknown* does. The tempting line is `fillna(df.pressure.median())`. It has two faults, and one of
# them you can see. (The alert goes out two hours before the flight, so the flight gets the weather
# of two hours before.)

# %%
KEYS = ["origin", "time_hour"]
COLUMNS = ["pressure", "wind_speed", "precip", "visib", "temp", "humid"]
before = weather.assign(time_hour=weather.time_hour + pd.Timedelta(hours=2))
landed = flights.dropna(subset="arr_delay")
table = landed.merge(before[KEYS + COLUMNS], on=KEYS, validate="m:1")
table["late"] = table.arr_delay >= 15

train, test = table[table.month <= 9], table[table.month > 9]
one = test[test.pressure.isna()].iloc[[0]]  # one traveler asks
median_all, median_train = table.pressure.median(), train.pressure.median()
print("median of the batch at hand: ", one.pressure.median())
print("median of everything:        ", median_all)
print("median of the training rows: ", median_train)

# %% [markdown]
# In the service a batch is one traveler. The median of one null is null. So the value must be
# **learned before and remembered**. And learned from the training rows, or the months that you test
# on have had their say in it. Here that is worth {{ 0.7 | median_all - median_train:.1f }}
# millibars, which no score will show. Make it a habit anyway, because the same line with the mean
# of the *target* by group is a leak that scores do show, as success.
#
# scikit-learn's shape for this is `fit` (learn, once) and `transform` (apply, often). The test for
# it is to [poison](../glossary.md#poison-test) the rows that must not matter.

# %%
from sklearn.impute import SimpleImputer

imputer = SimpleImputer(strategy="median", add_indicator=True)
imputer.fit(train[["pressure"]])
imputer.transform(test[["pressure"]] * 1000)  # poison
assert imputer.statistics_[0] == median_train
print("filled and flagged:", imputer.transform(one[["pressure"]])[0])

late_by_null = table.late.groupby(table.pressure.isna()).mean()
print(f"late: {late_by_null[True]:.1%} if null, else {late_by_null[False]:.1%}")

# %% [markdown]
# `add_indicator=True` is the [flag](../glossary.md#flag). Is it worth a column? The last line says
# yes:
# {{ 40% | late_by_null[True]:.0%}} of flights are late when the pressure of two hours before is
# null, {{ 23% | late_by_null[False]:.0%}} otherwise. Fill without a flag, and you paint over that.

# %%
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler


def auc(columns, flag):
    """Return how well late flights are ranked (0.5 is a coin)."""
    fill = SimpleImputer(strategy="median", add_indicator=flag)
    model = make_pipeline(fill, StandardScaler(), LogisticRegression())
    model.fit(train[columns], train.late)
    return roc_auc_score(test.late, model.predict_proba(test[columns])[:, 1])


scores = {}
for name, columns in [("pressure", ["pressure"]), ("six columns", COLUMNS)]:
    for flag in (False, True):
        scores[name, flag] = auc(columns, flag)
        print(f"{name:12} flag={flag!s:6} {scores[name, flag]:.3f}")

# %% [markdown]
# With pressure alone the flag lifts the ranking from {{ 0.569 | scores["pressure", False]:.3f }} to
# {{ 0.603 | scores["pressure", True]:.3f }}: the *absence* of the pressure says more than the
# pressure. Beside rain and visibility it has little to add: from
# {{ 0.605 | scores["six columns", False]:.3f }} to {{ 0.608 | scores["six columns", True]:.3f }},
# on one split, so do not lean on the third digit. A flag is cheap insurance, not magic. Most of
# what it knew, the other columns knew too.
#
# ## How a professional does it
#
# You have just seen it: [imputer](../glossary.md#imputer), scaler and model in **one** pipeline,
# fitted in one call, so that
# nothing can be learned outside the training rows. [skrub](https://skrub-data.org/) builds that
# pipeline from a table and adds the flag by default:

# %%
from skrub import tabular_pipeline

model = tabular_pipeline(LogisticRegression()).fit(train[COLUMNS], train.late)
print(*model.named_steps.values(), sep="\n")
chance = model.predict_proba(test[COLUMNS])[:, 1]
print(f"{roc_auc_score(test.late, chance):.3f}")

# %% [markdown]
# Three things to know. A column without nulls in training gets **no** flag, so nulls that come
# later are filled in silence. A column that is all null in training is dropped, unless you pass
# `keep_empty_features=True`. And `HistGradientBoostingClassifier` takes nulls as they are:
# convenient, and it too believes that they will go on meaning the same.
#
# ## Ten years on
#
# The product goes live with the data of 2023. The columns have the same names.

# %%
weather_2023, planes_2023 = load("weather_2023"), load("planes_2023")
expected = {"wind_gust": (0.7, 0.9), "pressure": (0.05, 0.15)}
for column, (low, high) in expected.items():
    share = weather_2023[column].isna().mean()
    verdict = "as before" if low <= share <= high else "ASK"
    print(f"{column:10} null {nulls[column]:.2%} -> {share:.2%}  {verdict}")

ratio = weather_2023.wind_gust / weather_2023.wind_speed
print(f"gust / wind, 2023: {ratio.min():.5f} to {ratio.max():.5f}")
speed_2013 = load("planes_2013").speed
print(f"planes.speed, 2013: {speed_2013.isna().mean():.1%} null")
print(f"planes.speed, 2023: {(planes_2023.speed == 0).mean():.0%} zero")

# %% [markdown]
# The nulls went away, and with them the information. The "gust" of 2023 is the wind speed times
# {{ 1.15078 | ratio.max():.5f }}, in every row, and that number is the miles in a nautical mile.
# The R package behind the 2023 tables
# ([anyflights](https://github.com/simonpcouch/anyflights/blob/main/R/utils.R)) converts
# `wind_speed` from knots, and on the next line computes `wind_gust` from `wind_speed` again. One
# word is wrong. Your flag *gusty* now says yes in
# {{ 96% | weather_2023.wind_gust.notna().mean():.0%}} of all hours, which is where the median had
# left you.
#
# And `planes.speed`, null in {{ 99.3% | speed_2013.isna().mean():.1%}} of the aircraft, is now 0 in
# all {{ 4,840 | (planes_2023.speed == 0).sum():, }}. Somebody filled it for you.
#
# A null's meaning is an agreement with whoever fills in the table. Write down which share you
# expect, and check it on every delivery. **Fewer nulls is an alarm too.**
#
# ## Check yourself

# %% [markdown] tags=["question"]
# **A flag `no_tailnum` makes your cancellation model far better. Keep it?**
#
# - [ ] Yes: absence can carry information, as with pressure :: No: pressure was missing *before*
#   the flight, with the weather. This null comes with the outcome.
# - [x] No: the null is a piece of the outcome :: Yes:
#   {{ 100% | (fate[no_tailnum] == "cancelled").mean():.0%}} of these flights were cancelled. Ask of
#   every flag whether it can be known when the model has to speak.
# - [ ] Yes, if it also helps on the test months :: No: it will. A leak helps on every split that
#   leaks the same way.

# %% [markdown] tags=["question"]
# **Where does the median for a missing pressure come from?**
#
# - [ ] From the batch that is being scored; it is the most recent :: No: a batch of one null has no
#   median, and the same traveler would get other values in other company.
# - [ ] From all rows; more rows, better median :: No: the test months must not take part, or the
#   test is no longer one.
# - [x] From the training rows, learned once and stored with the model :: Yes: the same record then
#   gets the same value, today and in a year.

# %% [markdown] tags=["question"]
# **The new delivery has {{ 4% | weather_2023.wind_gust.isna().mean():.0%}} nulls in `wind_gust`
# instead of {{ 80% | nulls.wind_gust:.0%}}. You…**
#
# - [ ] are glad: the station got better :: No: a station does not make gusts. If "none" was null
#   before, where are the hours without gusts now?
# - [x] stop, and look at what stands where the nulls were :: Yes: here a copy of another column. It
#   passes every range check that you have.
# - [ ] refit the imputer on the new data :: No: then it learns that gusts are always there, and the
#   model loses the one thing that the column knew.

# %% [markdown]
# ## Take to work
#
# - Plot the share of nulls against a column that you know. Flat bars or a slope: that is the
#   diagnosis.
# - None, unknown, or the answer: decide per column, write it into the data card.
# - Fill from training rows, inside the pipeline, and keep the flag. Test it with poison.
# - Expect a *range* of nulls, and let zero be an alarm.
#
# **Exercise:** [`group_median_imputer`](../exercises/group_median_imputer.md): a transformer of
# your own that fills by group, knows what to do with a group that it has never seen, and survives
# `Pipeline` and `clone`.
#
# **Sources:** data cards of [weather](../data/weather.md), [flights](../data/flights.md) and
# [planes](../data/planes-airports-airlines.md) · D. B. Rubin, [*Inference and missing
# data*](https://doi.org/10.1093/biomet/63.3.581), Biometrika 63 (1976) · *Federal Meteorological
# Handbook No. 1*, chapter 5, on gusts · Iowa Environmental Mesonet, [*METAR report
# types*](https://mesonet.agron.iastate.edu/onsite/news.phtml?id=1434) · [scikit-learn on
# imputation](https://scikit-learn.org/stable/modules/impute.html)
