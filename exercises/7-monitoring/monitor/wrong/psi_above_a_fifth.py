"""A stability index for each column against the whole baseline, alarm above 0.2.

rejected by: test_spring_is_quiet, test_ninety_normal_days
"""

import numpy as np


class Monitor:
    def __init__(self, baseline):
        self.baseline = baseline
        self.numbers = ["sched_min", "distance", "temp", "wind_speed", "visib", "pressure"]
        self.strange = []

    def update(self, day):
        self.strange.append({c for c in self.numbers if self._is_strange(c, day)})
        recent = self.strange[-3:]
        return [c for c in day.columns if sum(c in columns for columns in recent) >= 2]

    def _is_strange(self, column, day):
        reference, now = self.baseline[column].dropna(), day[column].dropna()
        edges = np.unique(reference.quantile(np.linspace(0, 1, 11)))[1:-1]
        p, q = (
            np.bincount(np.searchsorted(edges, x), minlength=len(edges) + 1) + 0.5
            for x in (reference, now)
        )
        p, q = p / p.sum(), q / q.sum()
        return np.sum((q - p) * np.log(q / p)) > 0.2
