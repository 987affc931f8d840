"""Promotes whenever there is a significant difference, in either direction.

rejected by: test_there_and_back_is_never_twice_yes, test_all_reasons_in_their_order
"""


def promote(old, new, log, min_days=14, max_gap=0.02, min_rows=100, max_loss=0.005):
    table = log.assign(old=old, new=new).dropna(subset=["old", "new", "late"])
    gain = (table["old"] - table["late"]) ** 2 - (table["new"] - table["late"]) ** 2
    daily = gain.groupby(table["day"]).mean()
    if len(daily) < min_days:
        return "keep", ["too few days"]
    reasons = []
    if not abs(daily.mean()) - 2 * daily.std() / len(daily) ** 0.5 > 0:
        reasons.append("not better")
    if abs(table["new"].mean() - table["late"].mean()) > max_gap:
        reasons.append("not calibrated")
    return ("keep" if reasons else "promote"), reasons
