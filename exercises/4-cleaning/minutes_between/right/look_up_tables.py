"""Looks readings up in a table of the 1,441 valid ones, and shifts whole days by rounding."""

VALID = {hour * 100 + minute: hour * 60 + minute for hour in range(24) for minute in range(60)}
VALID[2400] = 0


def minutes_between(sched, actual, hint=None):
    start = sched.map(VALID).astype("Float64")
    end = actual.map(VALID).astype("Float64")
    gap = end - start
    center = gap * 0 if hint is None else hint.astype("Float64").fillna(0)
    days = -((gap - center - 720) // -1440)
    return (gap - days * 1440).astype("Int64")
