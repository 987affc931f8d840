"""Counts rows, and is content when there are some.

rejected by: test_a_dead_station_is_noticed, test_damage_is_found, test_an_alarm_names_its_day,
test_tomorrow_alarms_nobody_today
"""


# %% alarms
def baseline(flights, weather):
    return len(flights) / 273


def alarms(base, flights, weather):
    days = flights.groupby(["year", "month", "day"]).size()
    few = days[days < base / 20]
    return {f"{y}-{m:02}-{d:02}": ["hardly any flights"] for y, m, d in few.index}
