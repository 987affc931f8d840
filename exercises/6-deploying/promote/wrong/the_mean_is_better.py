"""Looks at the overall mean alone.

rejected by: test_the_same_model_is_no_reason_to_change, test_one_good_day_proves_nothing,
test_the_bound_is_two_standard_errors, test_a_model_that_cries_wolf_is_not_calibrated
"""


def promote(old, new, log, min_days=14, max_gap=0.02, min_rows=100, max_loss=0.005):
    table = log.assign(old=old, new=new).dropna(subset=["old", "new", "late"])
    gain = (table["old"] - table["late"]) ** 2 - (table["new"] - table["late"]) ** 2
    daily = gain.groupby(table["day"]).mean()
    if len(daily) < min_days:
        return "keep", ["too few days"]
    reasons = []
    if gain.mean() < 0:
        reasons.append("not better")
    return ("keep" if reasons else "promote"), reasons
