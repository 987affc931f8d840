"""What decides the points of monitor; never shipped."""

import numpy as np
import pandas as pd

from grader import load, task

WEATHER = "temp wind_speed visib pressure".split()


def make_log():
    """Return the requests of 2013, as the notebook makes them, and the clock in UTC beside them."""
    flights, weather = load("flights_2013_sample"), load("weather_2013")
    keys = ["origin", "time_hour"]
    seen = weather.assign(time_hour=weather["time_hour"] + pd.Timedelta(hours=2))
    joined = flights.merge(seen[[*keys, *WEATHER]], on=keys, how="left")
    dates = pd.to_datetime(joined[["year", "month", "day"]])
    minute = joined["minute"]
    columns = {
        "date": dates,
        "weekday": dates.dt.day_of_week,
        "sched_min": 60 * joined["hour"] + minute,
        "utc_min": 60 * joined["time_hour"].dt.hour + minute,
    }
    names = ["date", "weekday", "sched_min", "carrier", "origin", "distance", *WEATHER]
    return joined.assign(**columns)[[*names, "utc_min"]]


LOG = make_log()
ODD = LOG["date"].dt.day_of_year % 2 == 1
BASELINE = LOG[ODD].drop(columns="utc_min")
LIVE = {date: day for date, day in LOG[~ODD].groupby("date")}


def days(start, count):
    """Return some days that are not in the baseline, from a date on."""
    dates = [date for date in LIVE if date >= pd.Timestamp(start)]
    return [LIVE[date] for date in dates[:count]]


def feed(monitor, some_days):
    """Return the alerts of each day."""
    return [list(monitor.update(day.drop(columns="utc_min"))) for day in some_days]


# Days whose weather is nowhere near the ends of what the weeks around them have.
FAIR = ["06-15", "06-17", "06-19", "06-23", "07-03", "07-05", "07-21"]


def fair(count=len(FAIR)):
    """Return days on which hardly any monitor will find something strange by itself."""
    return [LIVE[pd.Timestamp(f"2013-{date}")] for date in FAIR[:count]]


def of_season(day):
    """Return the baseline within six weeks of a day: what a short question needs."""
    date = day["date"].iloc[0]
    near = (BASELINE["date"] - date).abs() <= pd.Timedelta(days=42)
    return BASELINE[near].copy()


def utc(day):
    return day.assign(sched_min=day["utc_min"])


def zeros(day):
    return day.assign(**dict.fromkeys(WEATHER, 0.0))


def check_it_warns(monitor, next_days):
    """Assert that there is an alert after three days of faults; one that is always quiet earns
    nothing."""
    broken = [zeros(day).assign(carrier="ZZ", sched_min=30) for day in next_days[:3]]
    assert len(feed(monitor, broken)[-1]) > 0


FAULTS = [
    ("2013-03-02", ["carrier"], lambda day: day.assign(carrier=day["carrier"].min())),
    ("2013-04-11", WEATHER, lambda day: day.assign(**dict.fromkeys(WEATHER, np.nan))),
    ("2013-05-08", ["wind_speed"], lambda day: day.assign(wind_speed=day["wind_speed"] / 1.15078)),
    ("2013-06-12", ["weekday"], lambda day: day.assign(weekday=(day["weekday"] + 1) % 7)),
    ("2013-07-10", ["temp"], lambda day: day.assign(temp=(day["temp"] - 32) / 1.8)),
    ("2013-08-14", ["sched_min"], utc),
    ("2013-09-11", ["origin"], lambda day: day[day["origin"] != "JFK"]),
    ("2013-10-09", WEATHER, zeros),
]


@task("monitor", weight=4)
def test_ninety_normal_days(submission, credit):
    """Ninety normal days raise alerts on two days at most, or on five for half of the points."""
    monitor = submission.Monitor(BASELINE.copy())

    normal = days("2013-06-30", 93)

    loud = sum(bool(columns) for columns in feed(monitor, normal[:90]))
    check_it_warns(monitor, normal[90:])

    assert loud <= 5
    if loud > 2:
        credit(0.5)


@task("monitor", weight=4)
def test_planted_faults_are_found(submission, credit):
    """Six of eight planted faults, the clock among them, are found within three days in a column
    that is broken; four earn half."""
    monitor = submission.Monitor(BASELINE.copy())
    found = []
    for start, columns, fault in FAULTS:
        before, broken = days(start, 6)[:3], days(start, 6)[3:]
        feed(monitor, before)
        alerts = feed(monitor, [fault(day) for day in broken])
        found.append(any(set(columns) & set(names) for names in alerts))
        feed(monitor, days(start, 9)[6:])

    assert sum(found) >= 4
    clock = found[[fault for _, _, fault in FAULTS].index(utc)]
    if sum(found) < 6 or not clock:
        credit(0.5)


@task("monitor", weight=3)
def test_the_clock_is_found_in_every_season(submission):
    """A scheduled departure in UTC puts sched_min in alert within three days, in winter, spring,
    summer and autumn."""
    for start in ("2013-02-04", "2013-04-22", "2013-08-05", "2013-11-06"):
        some = days(start, 5)
        monitor = submission.Monitor(of_season(some[0]))
        alerts = feed(monitor, [*some[:2], *map(utc, some[2:])])
        assert "sched_min" in alerts[3] + alerts[4]


@task("monitor", weight=2)
def test_the_season_decides(submission):
    """January's temperatures in July are strange, although they are normal in January."""
    january, july = days("2013-01-20", 4), days("2013-07-08", 4)
    cold = [
        day.assign(temp=np.resize(source["temp"].dropna(), len(day)))
        for day, source in zip(july, january, strict=True)
    ]
    monitor = submission.Monitor(BASELINE.copy())

    assert all("temp" not in names for names in feed(monitor, january))
    assert "temp" in feed(monitor, cold)[-1]


@task("monitor", weight=2)
def test_two_of_the_last_three_days(submission):
    """A column is in alert when it was strange on two of the last three days, whether in a row or
    not, and no longer."""
    some = fair()
    for pattern, due in [
        ("--X-X--", "----X--"),
        ("-XX----", "--XX---"),
        ("-XXX---", "--XXX--"),
        ("X--X--X", "-------"),
        ("XX-X---", "-XXX---"),
    ]:
        monitor = submission.Monitor(of_season(some[4]))
        fed = [zeros(d) if mark == "X" else d for d, mark in zip(some, pattern, strict=False)]
        alerts = feed(monitor, fed)
        got = "".join("X" if set(names) & set(WEATHER) else "-" for names in alerts)
        assert got == due
        assert all(len(names) == len(set(names)) for names in alerts)


@task("monitor")
def test_columns_count_for_themselves(submission):
    """One strange column on one day and another one on the next are no alert."""
    some = fair(5)
    monitor = submission.Monitor(of_season(some[4]))
    some[1] = some[1].assign(temp=0.0)
    some[2] = some[2].assign(sched_min=30)

    assert feed(monitor, some) == [[], [], [], [], []]
    check_it_warns(monitor, fair()[-3:])


@task("monitor")
def test_monitors_count_for_themselves(submission):
    """Two monitors know nothing of each other's days."""
    some = fair(4)
    one, other = (submission.Monitor(of_season(some[3])) for _ in range(2))
    feed(one, [some[0], zeros(some[1])])

    assert feed(other, [some[0], zeros(some[1]), some[2]]) == [[], [], []]
    assert set(feed(one, [zeros(some[2])])[0]) & set(WEATHER)


@task("monitor")
def test_nobody_gets_used_to_a_fault(submission):
    """A fault that lasts for weeks is in alert from its second day to its last, and
    no longer when it has been over for three."""
    some = days("2013-05-22", 20)
    monitor = submission.Monitor(of_season(some[10]))

    alerts = feed(monitor, [zeros(day) for day in some])

    assert all(set(names) & set(WEATHER) for names in alerts[1:])
    assert feed(monitor, fair()[-3:])[2] == []


@task("monitor")
def test_the_order_of_rows_does_not_matter(submission):
    """The same rows in another order give the same alerts, in the baseline and in each day."""
    some = days("2013-07-08", 5)
    some[2:] = [zeros(some[2]), utc(some[3]), utc(some[4]).assign(carrier="ZZ")]
    answers = []
    for seed in (None, 1, 2):
        mix = (
            (lambda x: x) if seed is None else (lambda x, s=seed: x.sample(frac=1, random_state=s))
        )
        monitor = submission.Monitor(mix(of_season(some[0])))
        answers.append([sorted(names) for names in feed(monitor, map(mix, some))])
    assert "sched_min" in answers[0][-1]
    # A wrong feed comes last in its day, where a look at the first rows does not reach.
    late = [pd.concat([day, zeros(day)]) for day in days("2013-07-08", 3)]
    first = [pd.concat([zeros(day), day]) for day in days("2013-07-08", 3)]
    for fed in (late, first):
        monitor = submission.Monitor(of_season(some[0]))
        answers.append([sorted(names) for names in feed(monitor, fed)])
    assert answers[0] == answers[1] == answers[2]
    assert answers[3] == answers[4]


@task("monitor")
def test_tables_are_not_changed(submission):
    """baseline and day are afterwards as they were, and columns are named, never date."""
    some = days("2013-07-08", 3)
    baseline = of_season(some[0])

    call = submission.call("Monitor", baseline.copy())
    pd.testing.assert_frame_equal(call.args[0], baseline)

    for day in map(zeros, some):
        day = day.drop(columns="utc_min")
        told = submission.call(call.value.update, day.copy())
        pd.testing.assert_frame_equal(told.args[0], day)
    assert isinstance(told.value, list)
    assert set(told.value) <= set(day.columns) - {"date"}
    assert set(told.value) & set(WEATHER)
