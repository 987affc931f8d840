"""The capstone: what its page says of the worked examples, and what learners cannot load."""

from __future__ import annotations

import pytest

from grader.exercises import folder as exercise
from grader.exercises import release
from tests.tools import capstone


@pytest.mark.sandbox
@pytest.mark.slow
def test_the_page_shows_the_scores_that_the_examples_get():
    assert capstone.scores() == capstone.shown()


def test_no_release_holds_the_hidden_quarter():
    shipped = {name for each in exercise.find_all(capstone.ROOT) for name in each.data}

    assert not shipped & {"flights_2023", "weather_2023"}


def test_the_capstones_release_ends_in_september():
    import pandas as pd

    spec = exercise.load(capstone.CAPSTONE)
    paths = release.data_files(spec, capstone.ROOT)
    live = [name for name in paths if "2023" in name and "planes" not in name]

    assert len(live) == 2
    for name in live:
        table = pd.read_parquet(capstone.ROOT / "datasets" / name.removeprefix("data/"))
        assert table["month"].max() == 9
