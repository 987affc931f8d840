"""Returns a sentence where a number is due.

rejected by: test_a_clock_agrees_with_itself, test_the_answer_is_a_whole_number
"""

import numpy as np


def clock_offset(weather, reference):
    curves = []
    for table in (weather, reference):
        curve = table.groupby("hour")["temp"].mean().reindex(range(24)).to_numpy()
        if np.isnan(curve).any() or curve.max() == curve.min():
            raise ValueError("nothing to judge by")
        curves.append(curve)
    theirs, ours = curves
    shifts = list(range(-11, 13))
    fits = [np.corrcoef(np.roll(theirs, -k), ours)[0, 1] for k in shifts]
    return f"{shifts[int(np.argmax(fits))]} hours"
