"""Lets nullable types carry the unknown: comparing a null gives a null, which the mean skips."""


def late_share(flights, minutes):
    late = flights["arr_delay"].astype("Float64") >= minutes
    return late.mean()
