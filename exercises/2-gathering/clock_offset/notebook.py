# %% [markdown]
# # Ask the sun what time it is (bonus)
#
# The weather of 2023 says that New York is warmest at 6 p.m. No error was raised, no value is out
# of range, and no model's score would tell you. But the sun does not read time zones, and a clock
# column that disagrees with it is wrong.
#
# Write `clock_offset(weather, reference)`: **by how many hours the clock of `weather` is ahead of
# that of `reference`**, judged by temperatures alone.
#
# **Given.** Both are DataFrames with the columns `hour` (whole numbers from 0 to 23) and `temp`
# (`float64`, with nulls), and maybe others; any index, any order, any number of rows for each hour.
# The two need not have the same unit of temperature or the same season.
#
# **A table's curve** is the mean of its known temperatures for each hour of the clock: 24 numbers
# in a circle, because after 23 comes 0.
#
# **Returned** is the whole number `k`, with `-12 < k <= 12`, for which the curves fit best:
# `weather`'s at hour `h + k` (on the circle) against `reference`'s at hour `h`, for the 24 values
# of `h`. The best fit is the highest correlation. (In the tests one `k` is clearly the best.)
#
# * Where `reference` says 14 and `weather` says 18, `k` is 4. Where `weather` says 13, it is -1.
# * An `int`; NumPy's integers are fine, too.
#
# **`ValueError` is raised**, for there is nothing to judge by, if in either table
#
# * some hour of the clock has no known temperature;
# * all 24 means are equal. (In the tests they are equal to the last digit, or far from it.)
#
# `weather` and `reference` are afterwards as they were.

# %%
import numpy as np
import pandas as pd

from grader import check, hint, load

weather_2013, weather_2023 = load("weather_2013"), load("weather_2023_jan_sep")
curves = {"2013": weather_2013.groupby("hour")["temp"].mean()}
curves["2023"] = weather_2023.groupby("hour")["temp"].mean()
pd.DataFrame(curves).idxmax()


# %% task="clock_offset"
def clock_offset(weather, reference):
    """Return the hours by which the clock of weather is ahead of that of reference."""
    ### BEGIN SOLUTION
    theirs, ours = (
        table.groupby("hour")["temp"].mean().reindex(range(24)).to_numpy()
        for table in (weather, reference)
    )
    for curve in (theirs, ours):
        if np.isnan(curve).any():
            raise ValueError("an hour has no known temperature")
        if np.ptp(curve) == 0:
            raise ValueError("a flat curve fits everywhere")
    fits = {k: np.corrcoef(np.roll(theirs, -k), ours)[0, 1] for k in range(-11, 13)}
    return max(fits, key=fits.get)
    ### END SOLUTION


# %%
# clock_offset(weather_2023, weather_2013)
