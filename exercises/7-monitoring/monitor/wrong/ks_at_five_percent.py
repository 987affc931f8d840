"""A Kolmogorov-Smirnov test for each column against the whole baseline, at 0.05.

rejected by: test_spring_is_quiet, test_ninety_normal_days
"""

import numpy as np
from scipy.stats import ks_2samp


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
        now = day[column].dropna()
        return len(now) == 0 or ks_2samp(self.baseline[column].dropna(), now).pvalue < 0.05
