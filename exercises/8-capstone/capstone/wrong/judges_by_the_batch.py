"""Compares each day with the days that came with it, so that tomorrow decides about today.

rejected by: test_tomorrow_alarms_nobody_today, test_an_alarm_names_its_day
"""


# %% alarms
def baseline(flights, weather):
    return None


def alarms(base, flights, weather):
    local = weather["time_hour"].dt.tz_convert(NEW_YORK).dt.strftime("%Y-%m-%d")
    days = weather.groupby(local)[READING].mean()
    odd = (days - days.median()).abs() > 1.5 * days.std()
    return {day: list(row[row].index) for day, row in odd.iterrows() if row.any()}
