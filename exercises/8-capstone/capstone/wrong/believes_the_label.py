"""Takes the weather's own hour for New York's: the reading of 15:00 UTC, in the late morning.

rejected by: test_the_reading_of_three_o_clock, test_the_last_reading_in_time,
test_gathering_a_real_week
"""


# %% gather
def gather(flights, weather):
    evening = flights[flights["sched_dep_time"] >= EVENING].copy()
    local = pd.to_datetime(evening[[*DATE, "hour", "minute"]])
    evening["departure"] = local.dt.tz_localize(NEW_YORK).dt.tz_convert("UTC")
    stamp = weather["time_hour"].dt
    labeled = weather.assign(year=stamp.year, month=stamp.month, day=stamp.day)
    labeled = labeled[stamp.hour == 15].set_index(["origin", *DATE])
    return evening.join(labeled[READING], on=["origin", *DATE])
