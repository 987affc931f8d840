"""What a learner can check at home: a bundle there and back, and three that are refused."""

import json

import numpy as np
import pandas as pd
import pytest

from grader import task

FEATURES = ["minute", "distance"]


def table(n=60):
    """Return made-up flights."""
    rng = np.random.default_rng(1)
    return pd.DataFrame({"minute": rng.integers(0, 1440, n), "distance": rng.normal(900, 300, n)})


def saved(submission):
    """Save a small model with save_bundle; return it, and the folder as text."""
    X = table()
    model = submission.library("sklearn.linear_model").LogisticRegression(max_iter=1000)
    model.fit(X, (X["minute"] > 900).astype(int))
    folder = submission.library("tempfile").mkdtemp() + "/releases/v1"
    submission.save_bundle(folder, model, FEATURES, {"auc": 0.7}, "v1")
    return model, folder


def written(submission, folder, name):
    """Return a file of a bundle."""
    file = submission.library("pathlib").Path(folder, name)
    assert file.exists(), f"save_bundle should write {name} into the folder; there is none"
    return file


def read(submission, folder):
    """Return a bundle's manifest."""
    return json.loads(written(submission, folder, "manifest.json").read_text())


@task("bundle")
def test_there_and_back(submission):
    """A saved bundle can be loaded, and its model predicts as before."""
    model, folder = saved(submission)

    bundle = submission.load_bundle(folder, FEATURES, [])
    assert hasattr(bundle, "keys"), (
        f"load_bundle should return a dict; it returned a {type(bundle).__name__}"
    )

    assert bundle["manifest"]["version"] == "v1", f"the manifest is {bundle['manifest']}"
    before, after = model.predict_proba(table()), bundle["model"].predict_proba(table())
    assert np.asarray(after) == pytest.approx(np.asarray(before)), "the model predicts otherwise"


@task("bundle")
def test_the_manifest_has_its_keys(submission):
    """The manifest is JSON with the five keys of the text."""
    _, folder = saved(submission)

    manifest = read(submission, folder)

    expected = {"version", "features", "metrics", "scikit_learn", "sha256"}
    assert set(manifest) == expected, f"the keys are {sorted(manifest)}"
    assert manifest["features"] == FEATURES, f"features: {manifest['features']}"


@task("bundle")
def test_a_changed_file_is_refused(submission):
    """After a change to model.skops, load_bundle raises ValueError."""
    _, folder = saved(submission)
    file = written(submission, folder, "model.skops")
    file.write_bytes(file.read_bytes() + b" ")

    with pytest.raises(ValueError, match=r"model\.skops"):
        submission.load_bundle(folder, FEATURES, [])


@task("bundle")
def test_a_missing_column_is_refused(submission):
    """If the service lacks a feature, load_bundle raises ValueError and names it."""
    _, folder = saved(submission)

    with pytest.raises(ValueError, match="distance"):
        submission.load_bundle(folder, ["minute", "carrier"], [])
