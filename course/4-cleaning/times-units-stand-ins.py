# ---
# jupyter:
#   kernelspec: {display_name: Python 3, language: python, name: python3}
#   course: {minutes: 35, difficulty: 2, needs: [4-cleaning/parse-dont-coerce],
#     exercises: [minutes_between]}
# ---

# %% [markdown]
# # Times, units, stand-ins
#
# The label "late" needs a delay, the flights have two clock readings each, and so you subtract. Of
# all departures, **{{ 30.4% | wrong_dep:.1%}}** come out wrong, the average flight lands
# {{ 31 | -naive_arr.mean():.0f }} minutes early, and nothing raises.
#
# Every value of this lesson is a number, sits in a numeric column and passes a type check. It just
# does not mean what the arithmetic takes it for.
#
# After this lesson you can
#
# - **turn** clock readings into minutes, across midnight;
# - **spot** values that stand in for something else;
# - **settle** a dispute between two sources without believing either.

# %%
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from grader import load

flights = load("flights_2013")
left = flights.dropna(subset="dep_delay")
landed = flights.dropna(subset="arr_delay")
left[["sched_dep_time", "dep_time", "dep_delay"]].iloc[[0, 9, 838]]

# %% [markdown]
# ## Build it wrong
#
# The airline reports the delay too, so you have something to compare with. (You would not always.)

# %%
naive_dep = left.dep_time - left.sched_dep_time
naive_arr = landed.arr_time - landed.sched_arr_time
wrong_dep = (naive_dep != left.dep_delay).mean()
wrong_arr = (naive_arr != landed.arr_delay).mean()
print(f"wrong: {wrong_dep:.1%} of departures, {wrong_arr:.1%} of arrivals")
print(f"mean arrival delay, subtracted: {naive_arr.mean():5.1f} min")
print(f"mean arrival delay, reported:   {landed.arr_delay.mean():5.1f} min")

# %% [markdown]
# ## Find the cause: look at the errors, not at the values
#
# Plot *by how much* you are wrong. Random errors make a cloud. A mistake makes a pattern.

# %% alt="Two bar charts with a common logarithmic count: by how many minutes the subtraction is off, for departures. There are bars {{ only at multiples of 40 | (error.index % 40 == 0).all() }}. Right, headed {{ 60 is not 100 | axes[1].get_title('left') }}: two bars of about {{ 40,000 | error[[-40, 40]].mean().round(-4):,.0f }} at {{ -40 and 40 | {*error.nlargest(2).index} == {-40, 40} }}, then falling to {{ a few at 600 | 0 < error[600] < 10 }}. Left, headed midnight: {{ a second, smaller | error[error.index < -1000].sum() < error[error.index > -1000].sum() / 10 }} family between {{ -2,360 | error.index.min():,.0f }} and {{ -1,560 | error.index[error.index < -200].max():,.0f }}."
error = (naive_dep - left.dep_delay).value_counts()
error = error[error.index != 0]
fig, axes = plt.subplots(1, 2, figsize=(6.4, 3.2), sharey=True)
axes[0].set(title="midnight", ylabel="departures")
axes[1].set(title="60 is not 100")
for ax, start in zip(axes, [-2400, -120], strict=True):
    ax.bar(error.index, error, width=24)
    ax.set(xlim=(start, start + 860), yscale="log")
    ax.set_xticks(range(start, start + 860, 240))
fig.supxlabel("error of the subtraction (minutes)", fontsize="medium")
plt.show()

# %% [markdown]
# {{ 100% | (error.index % 40 == 0).mean():.0%}} of the wrong answers are off by a multiple of 40.
# That is 100 minus 60. `517` is not a number. It is *5:17* with the colon left out: hours and
# minutes, glued together in base 10. Each full hour that passes between the two readings counts for
# 40 minutes too many.


# %%
def minutes(hhmm):
    """Return the minutes since midnight: 517 is 5:17 is 317."""
    return hhmm // 100 * 60 + hhmm % 100


dep = minutes(left.dep_time) - minutes(left.sched_dep_time)
arr = minutes(landed.arr_time) - minutes(landed.sched_arr_time)
off_dep, off_arr = dep - left.dep_delay, arr - landed.arr_delay
print(f"wrong departures: {(off_dep != 0).mean():.2%}")
print(f"wrong arrivals:   {(off_arr != 0).mean():.2%}")
print("arrivals are off by", off_arr.value_counts().to_dict())

# %% [markdown]
# {{ 2.23% | (off_arr != 0).mean():.2%}} of arrivals are left, off by one day exactly, in both
# directions: due 23:55 and landed 00:10, or due 00:05 and landed 23:50.
#
# The rule that comes to mind is *add a day when it is negative*. It would call every early flight
# almost a day late: {{ 58% | (arr.where(arr >= 0, arr + 1440) != landed.arr_delay).mean():.0%}} of
# all arrivals. A clock is a circle. Between two points on it there are two ways, and you want the
# **shorter**. The same is true of compass bearings, weekdays and angles, so write it once.


# %%
def shorter_way(difference, circle):
    """Return the same step around a circle, but never more than half way."""
    return (difference + circle / 2) % circle - circle / 2


print("from 350° to 10°:", shorter_way(10 - 350, circle=360))
still = landed[shorter_way(arr, circle=24 * 60) != landed.arr_delay]
print(f"wrong: {len(still)} of {len(landed):,} = {len(still) / len(landed):.3%}")
print(f"their delays: {still.arr_delay.min():.0f} minutes or more")

# %% [markdown]
# {{ 29 | len(still) }} arrivals remain, and their delays start at
# {{ 744 | still.arr_delay.min():.0f }} minutes. More than twelve hours late: for them the shorter
# way is the wrong one. No formula on two clock readings can know that. It takes a third fact, and
# the [exercise](../exercises/minutes_between.md) hands you one.
#
# !!! note "2400"
#     {{ 29 | (flights.dep_time == 2400).sum() }} flights left at `2400` and
#     {{ none | not (flights.dep_time == 0).any() }} at `0`.
#     `pd.to_datetime("2400", format="%H%M")` refuses; with `errors="coerce"` you lose exactly the
#     flights that left at midnight. Clock readings have their own edge cases: 2400 exists, 1267
#     does not.
#
# ## Stand-ins: a number that means a word
#
# In the weather, `wind_dir` is a bearing from 0 to 360. How often does the wind blow from the
# north?

# %%
weather = load("weather_2013")
known = weather.dropna(subset=["wind_dir", "wind_speed"])
north = shorter_way(known.wind_dir, circle=360).abs() <= 45
calm = known.wind_speed == 0
north_naive, north_right = north.mean(), north[~calm].mean()
print(f"north wind: {north_naive:.1%}, without calm hours {north_right:.1%}")
by_direction = known.groupby("wind_dir").wind_speed.agg(["size", "mean"])
by_direction.loc[[0, 10, 20, 350, 360]].round(1)

# %% [markdown]
# Directions come in tens, north is {{ 360 | known.wind_dir.max():.0f }}, and `0` never comes with
# any wind at all. It is a **[stand-in](../glossary.md#stand-in)**. Aviation weather reports code
# calm as `00000KT`: direction
# 000, speed 00 ([FAA, Aeronautical Information
# Manual](https://www.faa.gov/air_traffic/publications/atpubs/aim_html/chap7_section_1.html)).
# {{ 1,256 | calm.sum():, }} hours of no wind were counted as north wind.
#
# Stand-ins show themselves in two ways: as a **spike** where nature has none, or as a value at the
# **edge** of the scale. `visib` is exactly {{ 10 | weather.visib.max():.0f }} miles in
# {{ 84% | (weather.visib == 10).mean():.0%}} of all hours: it says *ten or more*. Do not overwrite
# them. Split them: one column for the word, one for the number, which is null where the word holds.

# %%
# Float64 keeps a null null; with float64 an unknown wind would not be calm.
weather["calm"] = weather.wind_speed.astype("Float64") == 0
weather["wind_from"] = weather.wind_dir.mask(weather.wind_speed == 0)
weather["far_sight"] = weather.visib >= 10

# %% [markdown]
# Units leave fingerprints too. Divide every wind speed by {{ 1.15078 | MPH_PER_KNOT }}, the miles
# in a nautical mile, and you get whole numbers: somebody converted these from knots. If half of
# them were whole and half were not, you would know that half were not converted.

# %%
MPH_PER_KNOT = 1.15078
knots = weather.wind_speed.dropna() / MPH_PER_KNOT
print(f"whole numbers of knots: {np.isclose(knots, knots.round()).mean():.1%}")

# %% [markdown]
# ## When two sources disagree
#
# `airports_2013` says where each airport is. So does a [second
# register](../data/airport-register.md). Join them by code, and measure how far apart they put the
# same airport.

# %%
airports, register = load("airports_2013"), load("airport_register")


def km_apart(lat1, lon1, lat2, lon2):
    """Return the great-circle distance (haversine formula)."""
    lat1, lon1, lat2, lon2 = map(np.radians, (lat1, lon1, lat2, lon2))
    up = np.sin((lat2 - lat1) / 2) ** 2
    across = np.cos(lat1) * np.cos(lat2) * np.sin((lon2 - lon1) / 2) ** 2
    return 2 * 6371 * np.arcsin(np.sqrt(up + across))


def compare(code):
    """Join the register on one of its codes, and add the distance."""
    known = register[register[code] != ""].add_suffix("_r")
    both = airports.merge(known, left_on="faa", right_on=f"{code}_r")
    return both.assign(km=km_apart(both.lat, both.lon, both.lat_r, both.lon_r))


by_iata, by_lid = compare("iata"), compare("lid")
far_iata = by_iata[by_iata.km > 50]
agreed = by_lid[by_lid.km <= 50].faa.isin(far_iata.faa).sum()
print(f"by IATA code, {len(far_iata)} of {len(by_iata):,} are > 50 km apart")
print(f"by FAA code, {agreed} of those {len(far_iata)} are not")
four = by_iata.set_index("faa").loc[["HXD", "DVT", "EEN", "FUL"]].round(2)
four[["name", "lat", "lon", "lat_r", "lon_r", "km"]]

# %% [markdown]
# {{ 38 | len(far_iata) }} conflicts. Before you "fix" {{ 38 | len(far_iata) }} rows, read four.
#
# - **HXD** is no error. To the FAA it is Hilton Head, to IATA it is Delingha in China. Both
#   registers are right, the *join* is wrong: the column holds FAA codes. Joined by FAA code,
#   {{ 26 | agreed }} of the {{ 38 | len(far_iata) }} are in one place after all.
# - **DVT** (and MYF): the minus of the longitude is gone. Phoenix is in China, and its time zone
#   has followed: `{{ Asia/Chongqing | airports.set_index("faa").tzone["DVT"] }}`. An error breeds.
# - **EEN**: latitude and longitude are swapped, and a sign went with them.
# - **FUL** is off by {{ 53 | far_iata.set_index("faa").km["FUL"]:.0f }} km. Strange. Too near for a
#   wrong sign.
#
# Look at its latitude: {{ 33.521925 | airports.set_index("faa").lat["FUL"] }} here,
# {{ 33.872014 | ful.lat_r:.6f }} there. Now read the first one as you would read a clock: 33° 52'
# 19.25".


# %%
def sexagesimal(degrees):
    """Read 33.521925 as 33 degrees, 52 minutes, 19.25 seconds."""
    whole, rest = np.divmod(degrees.abs(), 1)
    arcminutes, rest = np.divmod((rest * 100).round(8), 1)
    return np.sign(degrees) * (whole + arcminutes / 60 + rest * 100 / 3600)


reread = sexagesimal(by_lid.lat), sexagesimal(by_lid.lon)
by_lid["km_reread"] = km_apart(*reread, by_lid.lat_r, by_lid.lon_r)
ful = by_lid.set_index("faa").loc["FUL"]
off = by_lid[by_lid.km > 2]
mended = off[off.km_reread < 1]
ours = by_iata[by_iata.faa.isin([*flights.origin, *flights.dest])]
print(f"FUL: {ful.km:.1f} km apart, re-read {ful.km_reread * 1000:.1f} m")
print(f"off by over 2 km: {len(off)}; re-read, within 1 km: {len(mended)}")
print(f"airports we use: {len(ours)}; off by over 2 km: {(ours.km > 2).sum()}")

# %% [markdown]
# Sixty again. {{ 53 | ful.km:.0f }} kilometers shrink to {{ 0.1 | ful.km_reread * 1000:.1f }}
# meters, and {{ 22 | len(mended) }} of the {{ 59 | len(off) }} airports that are off by more than 2
# km come within one: degrees, minutes and seconds, glued together in base 10, the disease of `517`
# in another column. No range check would have found them.
#
# The last line of the output matters most to *you*: of the {{ 103 | len(ours) }} airports in both
# tables that our flights use, {{ none | not (ours.km > 2).any() }} is
# affected. Report it upstream, write it into the data card, and go on. Not every dirty value is
# your work.
#
# ## How a professional does it
#
# Keep **instants**, derive clocks. A `Timestamp` knows its date; midnight, 2400 and the twelve-hour
# limit are no cases any more. pandas does the carrying.

# %%
day = pd.to_datetime(left[["year", "month", "day"]])
scheduled = day + pd.to_timedelta(minutes(left.sched_dep_time), unit="min")
departed = scheduled + pd.to_timedelta(left.dep_delay, unit="min")
clock = departed.dt.hour * 60 + departed.dt.minute
agree = clock == minutes(left.dep_time) % (24 * 60)
print(f"schedule + delay = clock: {agree.mean():.0%} of {len(agree):,}")

# %% [markdown]
# {{ 100% | agree.mean():.0%}}, the {{ 29 | (left.dep_time == 2400).sum() }} at 2400 included. That
# is what redundant columns are good for: three columns that must fit together are a free test, and
# it belongs into the contract of the table. (For arrivals, and for the nights when clocks change,
# you also need the airport's time zone: `tz_localize`, and
# [zoneinfo](https://docs.python.org/3/library/zoneinfo.html) below it.)
#
# ## Check yourself

# %% [markdown] tags=["question"]
# **Due 00:05, landed 23:50. What does the shorter way say?**
#
# - [ ] {{ 1,425 | minutes(2350) - minutes(5):, }} minutes late :: No: that is the difference in
#   minutes before you go the shorter way round.
# - [x] {{ 15 | -shorter_way(minutes(2350) - minutes(5), 1440):.0f }} minutes early :: Yes: fifteen
#   minutes, across midnight, against the clock.
# - [ ] It cannot say: the date is missing :: No: it can, if you accept its assumption that nothing
#   is off by more than twelve hours. {{ 29 | len(still) }} of {{ 327,346 | len(landed):, }}
#   arrivals break it.

# %% [markdown] tags=["question"]
# **A mean `wind_dir` of {{ 200 | known.wind_dir.mean():.0f }}° for the year: what does it tell
# you?**
#
# - [ ] The wind blows from the south-southwest on average :: No: the mean of 350° and 10° is 180°.
#   On a circle, the arithmetic mean of north winds is south.
# - [x] Nothing: calm hours count as 0, and bearings do not average :: Yes: a stand-in and a circle
#   in one column. Average the components (sine and cosine) of the hours with wind.
# - [ ] It is right once calm hours are dropped :: No: that removes the stand-in. The circle stays.

# %% [markdown] tags=["question"]
# **Two registers put an airport {{ 12,301 | by_iata.set_index("faa").km["HXD"]:,.0f }} km apart.
# What first?**
#
# - [ ] Take the coordinates of the larger register :: No: both may be right. Then you have moved
#   Hilton Head to China.
# - [ ] Drop the airport :: No: you would drop {{ 26 | agreed }} that are where both registers say
#   they are.
# - [x] Check that both rows speak of the same place: names, key, code system :: Yes:
#   {{ 26 | agreed }} of the {{ 38 | len(far_iata) }} conflicts were a wrong join.

# %% [markdown]
# ## Take to work
#
# - Plot the errors, not the values. Multiples of something are a mistake, not noise.
# - Clocks, bearings and weekdays are circles: go the shorter way, and know when it is the wrong
#   one.
# - A spike or an edge is a word in a number's clothes. Split the word off.
# - A conflict has at least three suspects: either source, and your join.
#
# **Exercise:** [`minutes_between`](../exercises/minutes_between.md) is the careful version: nulls,
# 2400, readings that no clock shows, and the hint that decides beyond twelve hours.
#
# **Next:** [Why is it missing?](why-is-it-missing.md)
#
# **Sources:** data cards of [flights](../data/flights.md), [weather](../data/weather.md),
# [airports](../data/planes-airports-airlines.md) and the [register](../data/airport-register.md) ·
# FAA, [*Aeronautical Information
# Manual*](https://www.faa.gov/air_traffic/publications/atpubs/aim_html/chap7_section_1.html),
# section 7-1, on METAR reports · [airportsdata](https://github.com/mborsetti/airportsdata), the
# second register · [pandas on time
# deltas](https://pandas.pydata.org/docs/user_guide/timedeltas.html)
