"""What decides the points of bundle; never shipped."""

import hashlib
import json
import os
import pickle
import re

import numpy as np
import pandas as pd
import pytest
import sklearn

from grader import task

FEATURES = ["minute", "distance", "temp"]
TREE = "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor"
KEYS = ["version", "features", "metrics", "scikit_learn", "sha256"]


def table(seed=1, n=80):
    rng = np.random.default_rng(seed)
    return pd.DataFrame(rng.normal(size=(n, 3)), columns=FEATURES)


def fitted(submission, kind="LogisticRegression"):
    """Fit a model inside; HistGradientBoostingClassifier is the one that needs a type trusted."""
    X = table()
    if kind == "LogisticRegression":
        model = submission.library("sklearn.linear_model").LogisticRegression()
    else:
        model = submission.library("sklearn.ensemble").HistGradientBoostingClassifier(
            max_iter=2, early_stopping=False
        )
    model.fit(X, (X["minute"] + X["temp"] > 0).astype(int))
    return model


def new_folder(submission):
    return submission.library("tempfile").mkdtemp() + "/bundles/v2"


def path(submission, *parts):
    return submission.library("pathlib").Path(*parts)


def made_elsewhere(submission, data, **changed):
    """Write a bundle as the text says, without save_bundle; None leaves a key out."""
    manifest = {"version": "v9", "features": FEATURES, "metrics": {"auc": 0.7}}
    manifest |= {"scikit_learn": sklearn.__version__, "sha256": hashlib.sha256(data).hexdigest()}
    manifest = {k: v for k, v in {**manifest, **changed}.items() if v is not None}
    folder = new_folder(submission)
    path(submission, folder).mkdir(parents=True)
    path(submission, folder, "model.skops").write_bytes(data)
    path(submission, folder, "manifest.json").write_text(json.dumps(manifest))
    return folder


def dumped(submission, kind="LogisticRegression"):
    return submission.library("skops.io").dumps(fitted(submission, kind))


def check_alike(model, other):
    X = table(2)
    ours, theirs = np.asarray(model.predict_proba(X)), np.asarray(other.predict_proba(X))
    assert ours == pytest.approx(theirs)


class Bomb:
    """A pickle of this makes a folder when it is opened."""

    def __init__(self, folder):
        self.folder = folder

    def __reduce__(self):
        return os.mkdir, (self.folder,)


def bomb(submission):
    """Return the bytes of a pickle that acts when it is opened, and the folder that it makes."""
    trace = submission.library("tempfile").mkdtemp() + "/it-ran"
    return pickle.dumps(Bomb(trace)), trace


@task("bundle", weight=2)
def test_the_manifest_says_what_is_there(submission):
    """The manifest holds version, features in their order, metrics, scikit-learn's version and the
    hash of the model's file, and nothing else."""
    folder = new_folder(submission)
    metrics = {"auc": 0.712, "brier": 0.16}

    submission.save_bundle(folder, fitted(submission), FEATURES, metrics, "2013-10-01")

    manifest = json.loads(path(submission, folder, "manifest.json").read_text())
    data = path(submission, folder, "model.skops").read_bytes()
    assert manifest == {
        "version": "2013-10-01",
        "features": FEATURES,
        "metrics": metrics,
        "scikit_learn": sklearn.__version__,
        "sha256": hashlib.sha256(data).hexdigest(),
    }


@task("bundle", weight=2)
def test_what_is_saved_can_be_opened_by_others(submission):
    """model.skops is a file that skops itself can open, and the folder holds two files."""
    folder = new_folder(submission)
    model = fitted(submission)

    submission.save_bundle(path(submission, folder), model, FEATURES, {}, "v1")

    data = path(submission, folder, "model.skops").read_bytes()
    check_alike(submission.library("skops.io").loads(data), model)
    names = submission.library("os").listdir(folder)
    assert sorted(names) == ["manifest.json", "model.skops"]


@task("bundle", weight=2)
def test_a_bundle_of_others_is_opened(submission):
    """load_bundle opens a bundle that somebody else saved, and returns model and manifest."""
    model = fitted(submission)
    folder = made_elsewhere(submission, submission.library("skops.io").dumps(model))

    bundle = submission.load_bundle(folder, FEATURES, [])

    assert set(bundle) == {"model", "manifest"}
    assert bundle["manifest"]["metrics"] == {"auc": 0.7}
    assert set(bundle["manifest"]) == set(KEYS)
    check_alike(bundle["model"], model)


@task("bundle", weight=2)
def test_it_opens_in_another_process(submission):
    """A process that has not seen the saving loads the bundle from the folder alone, also after the
    folder was moved."""
    pool = submission.library("multiprocessing.pool").Pool(1)  # begun before there is a bundle
    model = fitted(submission)
    folder, elsewhere = new_folder(submission), new_folder(submission) + "-moved"
    submission.save_bundle(folder, model, FEATURES, {"auc": 0.7}, "v1")
    path(submission, elsewhere).parent.mkdir(parents=True)
    submission.library("shutil").move(folder, elsewhere)

    bundle = pool.apply(submission.load_bundle, [elsewhere, FEATURES, []])

    check_alike(bundle["model"], model)
    pool.terminate()


@task("bundle")
def test_paths_and_texts_are_folders(submission):
    """A folder may be given as a text or as a Path, to both functions."""
    model = fitted(submission)
    folder = new_folder(submission)
    submission.save_bundle(folder, model, FEATURES, {}, "v1")

    bundle = submission.load_bundle(path(submission, folder), FEATURES, [])

    check_alike(bundle["model"], model)


@task("bundle")
def test_save_refuses_other_features(submission):
    """Features that are not those of the model, or in another order, raise ValueError, and nothing
    is written."""
    model = fitted(submission)
    for features in (FEATURES[::-1], FEATURES[:2], [*FEATURES, "carrier"]):
        folder = new_folder(submission)

        with pytest.raises(ValueError):
            submission.save_bundle(folder, model, features, {}, "v1")

        assert path(submission, folder).exists() is False


@task("bundle")
def test_a_release_is_never_overwritten(submission):
    """If the folder exists, save_bundle raises FileExistsError and leaves all in it as it was."""
    folder = new_folder(submission)
    submission.save_bundle(folder, fitted(submission), FEATURES, {"auc": 0.7}, "v1")
    before = path(submission, folder, "manifest.json").read_text()

    with pytest.raises(FileExistsError):
        submission.save_bundle(folder, fitted(submission), FEATURES, {"auc": 0.9}, "v2")

    assert path(submission, folder, "manifest.json").read_text() == before


@task("bundle")
@pytest.mark.parametrize("key", KEYS)
def test_a_manifest_without_a_key_is_refused(submission, key):
    """A manifest that lacks one of the keys is refused with ValueError, which names the key."""
    folder = made_elsewhere(submission, dumped(submission), **{key: None})

    with pytest.raises(ValueError, match=key):
        submission.load_bundle(folder, FEATURES, [])


@task("bundle", weight=2)
def test_any_changed_byte_is_refused(submission):
    """A model file of which a single byte was changed, or the end is missing, is refused, and the
    message says model.skops."""
    data = dumped(submission)
    digest = hashlib.sha256(data).hexdigest()
    middle = len(data) // 2
    flipped = data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]
    for changed in (flipped, data[:-1], b""):
        folder = made_elsewhere(submission, changed, sha256=digest)

        with pytest.raises(ValueError, match=r"model\.skops"):
            submission.load_bundle(folder, FEATURES, [])


@task("bundle", weight=3)
def test_a_changed_file_is_not_opened(submission):
    """The hash is checked before the file is opened: what somebody put into it does not run."""
    data, trace = bomb(submission)
    right = hashlib.sha256(dumped(submission)).hexdigest()
    folder = made_elsewhere(submission, data, sha256=right)

    with pytest.raises(ValueError):
        submission.load_bundle(folder, FEATURES, [])

    assert path(submission, trace).exists() is False


@task("bundle", weight=3)
def test_a_pickle_is_never_opened(submission):
    """A pickle with a correct hash is refused with ValueError, and nothing in it runs."""
    data, trace = bomb(submission)
    folder = made_elsewhere(submission, data)

    with pytest.raises(ValueError):
        submission.load_bundle(folder, FEATURES, [])

    assert path(submission, trace).exists() is False


@task("bundle", weight=2)
def test_unknown_types_are_refused(submission):
    """A file with a type that nobody trusts is refused, and the message names the type; in the list
    of trusted types, it is loaded."""
    model = fitted(submission, "boosting")
    folder = made_elsewhere(submission, submission.library("skops.io").dumps(model))

    for trusted in ([], ["builtins.print", "sklearn.linear_model.LogisticRegression"]):
        with pytest.raises(ValueError, match=re.escape(TREE)):
            submission.load_bundle(folder, FEATURES, trusted)

    bundle = submission.load_bundle(folder, FEATURES, [TREE])
    check_alike(bundle["model"], model)


@task("bundle", weight=2)
def test_another_major_version_is_refused(submission):
    """A bundle of another first number of scikit-learn's version is refused, and the message says
    scikit-learn."""
    data = dumped(submission)
    for version in ("0.24.2", "2.0.0", "11.9.1", "10.0"):
        folder = made_elsewhere(submission, data, scikit_learn=version)

        with pytest.raises(ValueError, match="scikit-learn"):
            submission.load_bundle(folder, FEATURES, [])


@task("bundle")
def test_another_minor_version_is_loaded(submission):
    """Only the first number of the version counts."""
    first = sklearn.__version__.split(".")[0]
    data = dumped(submission)
    for version in (f"{first}.0.0", f"{first}.99.1rc1"):
        folder = made_elsewhere(submission, data, scikit_learn=version)

        assert "model" in submission.load_bundle(folder, FEATURES, [])


@task("bundle", weight=2)
def test_columns_must_cover_the_features(submission):
    """Columns in another order and more of them are fine; every feature that is not there is
    named."""
    folder = made_elsewhere(submission, dumped(submission))

    assert "model" in submission.load_bundle(folder, ["carrier", *FEATURES[::-1]], [])
    with pytest.raises(ValueError, match=r"(?s)(?=.*minute)(?=.*temp)"):
        submission.load_bundle(folder, ["distance", "minutes", "temperature"], [])
    with pytest.raises(ValueError, match="minute"):
        submission.load_bundle(folder, ["distance", "temp"], [])


@task("bundle")
def test_checks_come_before_the_file_is_opened(submission):
    """A bundle of the wrong version or for other columns is refused without being opened."""
    for changed, columns in (({"scikit_learn": "0.1"}, FEATURES), ({}, ["carrier"])):
        data, trace = bomb(submission)
        folder = made_elsewhere(submission, data, **changed)

        with pytest.raises(ValueError):
            submission.load_bundle(folder, columns, [])

        assert path(submission, trace).exists() is False
