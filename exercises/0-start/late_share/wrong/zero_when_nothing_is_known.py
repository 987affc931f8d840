"""Guards against dividing by zero with a 0: "nobody was late" is not what the data say.

rejected by: test_nothing_known_has_no_share
"""


def late_share(flights, minutes):
    known = flights["arr_delay"].dropna()
    if len(known) == 0:
        return 0.0
    return (known >= minutes).sum() / len(known)
