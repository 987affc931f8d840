"""What decides the points of usable_columns; never shipped."""

import numpy as np
import pytest

from grader import task

NAN = float("nan")
CIRCLE = {"a": {"made_from": ["b"]}, "b": {"made_from": ["c"]}, "c": {"made_from": ["a"]}}


def made_up(seed, n=40):
    """Return a catalog of every kind of entry; parents stand before or after their children."""
    rng = np.random.default_rng(seed)
    names = [f"c{i}" for i in rng.permutation(n)]
    entries = {}
    for position, name in enumerate(names):
        entry = {}
        if rng.random() < 0.7:
            entry["known"] = int(rng.integers(-3, 12)) * 60
            if rng.random() < 0.08:
                entry["known"] = None
        if position and rng.random() < 0.6:
            count = min(position, int(rng.integers(1, 3)))
            entry["made_from"] = [names[i] for i in rng.integers(0, position, count)]
        entries[name] = entry
    return {name: entries[name] for name in rng.permutation(names).tolist()}


def due(catalog, lead):
    """Return the answer, worked out column by column."""

    def known(name, above=()):
        if name not in catalog or name in above:
            return False
        entry = catalog[name]
        parents = entry.get("made_from", [])
        if "known" in entry:
            own = entry["known"]
            if own is None or not own >= lead:
                return False
        elif not parents:
            return False
        return all(known(parent, (*above, name)) for parent in parents)

    return [name for name in catalog if known(name)]


@task("usable_columns", weight=2)
def test_exactly_at_the_lead_is_usable(submission):
    """What is known exactly `lead` minutes before is usable; what comes any later is not."""
    for lead in (120, 0, -30, 7.5):
        catalog = {
            "at": {"known": lead},
            "after": {"known": lead - 0.5},
            "before": {"known": lead + 0.5},
            "from_at": {"made_from": ["at"]},
        }

        assert submission.usable_columns(catalog, lead) == ["at", "before", "from_at"]


@task("usable_columns", weight=2)
def test_one_late_parent_is_enough(submission):
    """A column with several parents is as late as the latest, wherever in the list that one is."""
    early = {"a": {"known": 300}, "b": {"known": 200}, "c": {"known": 10}}
    for parents in (["a", "b", "c"], ["c", "b", "a"], ["a", "c", "b"]):
        assert submission.usable_columns(early | {"x": {"made_from": parents}}, 60) == ["a", "b"]
    both = early | {"x": {"made_from": ["a", "b"]}}
    assert submission.usable_columns(both, 60) == ["a", "b", "x"]


@task("usable_columns")
def test_a_late_grandparent_is_enough(submission):
    """Lateness is handed down through chains of derived columns, not to the children alone."""
    catalog = {
        "raw": {"known": 90},
        "child": {"made_from": ["raw"]},
        "grandchild": {"made_from": ["child"]},
        "last": {"made_from": ["grandchild"]},
    }

    assert submission.usable_columns(catalog, 90) == list(catalog)
    assert submission.usable_columns(catalog, 91) == []


@task("usable_columns")
def test_own_date_and_parents_both_count(submission):
    """A derived column with a date of its own needs both: its parents, and its own date."""
    catalog = {
        "early": {"known": 600},
        "late": {"known": 30},
        "slow_job": {"known": 60, "made_from": ["early"]},
        "too_good": {"known": 600, "made_from": ["late"]},
        "fine": {"known": 240, "made_from": ["early"]},
    }

    assert submission.usable_columns(catalog, 120) == ["early", "fine"]


@task("usable_columns", weight=2)
def test_what_nobody_dated_is_refused(submission):
    """Without a date there is no promise: an unknown `known`, an entry that states nothing, and
    everything that is made from such columns, are refused at any lead."""
    catalog = {
        "ok": {"known": 500},
        "none": {"known": None},
        "nan": {"known": NAN},
        "nothing": {},
        "no_parents": {"made_from": []},
        "unknown_with_parents": {"known": None, "made_from": ["ok"]},
        "nan_with_parents": {"known": NAN, "made_from": ["ok"]},
        "child": {"made_from": ["ok", "none"]},
        "grandchild": {"made_from": ["child"]},
        "child_of_nothing": {"made_from": ["nothing"]},
        "dated": {"known": 500, "made_from": []},
    }

    assert submission.usable_columns(catalog, 120) == ["ok", "dated"]
    assert submission.usable_columns(catalog, -100_000) == ["ok", "dated"]


@task("usable_columns")
def test_a_parent_that_is_not_listed_is_refused(submission):
    """A column made from something that the catalog does not list is refused, without an error."""
    catalog = {"a": {"known": 500}, "b": {"made_from": ["a", "gone"]}, "c": {"made_from": ["a"]}}

    assert submission.usable_columns(catalog, 120) == ["a", "c"]


@task("usable_columns")
def test_circles_are_refused(submission):
    """Columns that are made from each other in a circle are refused, and so are their children; the
    others are answered as ever."""
    catalog = CIRCLE | {
        "ok": {"known": 500},
        "self": {"known": 500, "made_from": ["self"]},
        "child": {"made_from": ["ok", "a"]},
        "fine": {"made_from": ["ok"]},
    }

    assert submission.usable_columns(catalog, 120) == ["ok", "fine"]


@task("usable_columns")
def test_leads_after_departure_work(submission):
    """A lead of 0 or below is a moment at or after the scheduled departure, and counts the same."""
    catalog = {"a": {"known": 0}, "b": {"known": -1}, "c": {"known": -60.5}, "d": {"known": 10}}

    assert submission.usable_columns(catalog, 0) == ["a", "d"]
    assert submission.usable_columns(catalog, -1) == ["a", "b", "d"]
    assert submission.usable_columns(catalog, -60.5) == ["a", "b", "c", "d"]


@task("usable_columns")
def test_names_mean_nothing(submission):
    """Only dates decide: renaming the columns renames the answer and changes nothing else."""
    catalog = {
        "arr_delay": {"known": 600},
        "sched_dep_time": {"known": -60},
        "carrier": {"made_from": ["sched_dep_time"]},
        "dep_time": {"made_from": ["arr_delay"]},
    }

    assert submission.usable_columns(catalog, 60) == ["arr_delay", "dep_time"]


@task("usable_columns")
def test_the_order_is_the_catalogs(submission):
    """The answer is a list in the order of the catalog, also when parents stand after children."""
    catalog = {
        "z": {"made_from": ["m"]},
        "b": {"known": 200},
        "m": {"made_from": ["y", "b"]},
        "a": {"known": 100},
        "y": {"known": 300},
    }

    assert submission.usable_columns(catalog, 100) == ["z", "b", "m", "a", "y"]
    assert submission.usable_columns(catalog, 150) == ["z", "b", "m", "y"]
    assert submission.usable_columns({}, 150) == []


@task("usable_columns")
def test_long_chains_and_many_paths(submission):
    """Chains through some hundred columns work, in either order, and so do columns that can be
    reached on very many paths."""
    chain = {"c0": {"known": 120}}
    for i in range(1, 300):
        chain[f"c{i}"] = {"made_from": [f"c{i - 1}", f"c{max(0, i - 2)}"]}
    backward = dict(reversed(chain.items()))

    assert submission.usable_columns(chain, 120) == list(chain)
    assert submission.usable_columns(backward, 120) == list(backward)
    assert submission.usable_columns(backward, 121) == []


@task("usable_columns")
def test_the_catalog_is_left_alone(submission):
    """The catalog is the same after the call: no entry filled in, none taken out."""
    for seed in range(3):
        catalog = made_up(seed)

        call = submission.call("usable_columns", catalog, 120)

        assert call.value == due(catalog, 120)
        assert call.args[0] == catalog
        assert list(call.args[0]) == list(catalog)


@task("usable_columns", weight=2)
@pytest.mark.parametrize("seed", range(4))
def test_any_catalog(submission, seed):
    """On made-up catalogs, with every kind of entry, the answer is right at every lead."""
    catalog = made_up(seed)

    answers = [submission.usable_columns(catalog, lead) for lead in range(-240, 721, 60)]

    assert answers == [due(catalog, lead) for lead in range(-240, 721, 60)]
    for earlier, later in zip(answers[1:], answers, strict=False):
        assert set(earlier) <= set(later)  # who speaks later may know more, never less
