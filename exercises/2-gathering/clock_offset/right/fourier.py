"""Correlates all shifts at once with the Fourier transform."""

import numpy as np


def clock_offset(weather, reference):
    def wave(table):
        known = table.dropna(subset=["temp"])
        means = known.groupby("hour")["temp"].mean().sort_index()
        if len(means) < 24 or means.nunique() == 1:
            raise ValueError("the day has no curve")
        return np.fft.rfft(means.to_numpy() - means.mean())

    fit = np.fft.irfft(wave(weather) * np.conj(wave(reference)), 24)
    best = int(fit.argmax())
    return best if best <= 12 else best - 24
