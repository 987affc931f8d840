# %% [markdown]
# # A bundle that can be trusted
#
# `model.pkl` is found on a disk. Which features, in which order? Trained with what? Is it the one
# that was evaluated, or the one from the afternoon after? And to find out you have to open it,
# which runs whatever its author put in.
#
# Write `save_bundle` and `load_bundle`. A **bundle** is a folder with two files:
#
# * `model.skops`: the model, as [skops](https://skops.readthedocs.io/) writes it
#   (`skops.io.dumps`).
# * `manifest.json`: a JSON object with the keys
#
# | key | is |
# |---|---|
# | `version` | text: the name of this release |
# | `features` | list of the model's columns, in their order |
# | `metrics` | object of numbers (plain `int` and `float`): what the model scored |
# | `scikit_learn` | text: the version that trained it, `sklearn.__version__` |
# | `sha256` | the SHA-256 of the bytes of `model.skops`, as 64 hexadecimal digits in lower case |
#
# **`save_bundle(folder, model, features, metrics, version)`** writes a bundle. `folder` is a path
# (text or `Path`) that does not exist yet; its parents may not exist, either. `model` was fitted
# with a DataFrame.
#
# * If `features` are not the model's `feature_names_in_` in the same order, it raises `ValueError`
#   and writes nothing.
# * If `folder` exists, it raises `FileExistsError` and changes nothing: a release is never
#   overwritten.
#
# **`load_bundle(folder, columns, trusted)`** returns `{"model": …, "manifest": …}`: the model,
# ready to predict, and the manifest as a dict. `columns` are the columns that the service can
# supply, in any order and perhaps more than needed. `trusted` is a list of names of types that may
# be loaded beyond those that skops trusts itself. It raises `ValueError`
#
# 1. if the manifest lacks one of the five keys; the message names the key;
# 2. if the bytes of `model.skops` do not have the hash in the manifest; the message says
#    `model.skops`;
# 3. if the first number of scikit-learn's version (1 in `1.9.1`) is not that of the scikit-learn
#    that runs now; the message says `scikit-learn`;
# 4. if a feature is not among `columns`; the message names each one that is missing;
# 5. if the file needs a type that is neither trusted by skops nor in `trusted`; the message names
#    the type;
# 6. if `model.skops` is not a file that skops wrote, as a pickle is not.
#
# Of several faults it may report any one.
#
# **Nothing of the file may run** before all of that is checked, and a file that fails a check is
# never loaded. `load_bundle` needs the folder and nothing else: it works in another process, for a
# bundle that somebody else has saved, and for a folder that was moved.

# %%
import hashlib
import json
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import sklearn
import skops.io
from sklearn.ensemble import HistGradientBoostingClassifier

from grader import check, hint

rng = np.random.default_rng(0)
X = pd.DataFrame(rng.normal(size=(200, 2)), columns=["minute", "distance"])
model = HistGradientBoostingClassifier(max_iter=5).fit(X, X.minute > 0)

# What this model would need to have trusted:
skops.io.get_untrusted_types(data=skops.io.dumps(model))


# %% task="bundle"
def save_bundle(folder, model, features, metrics, version):
    """Write model.skops and manifest.json to a new folder."""
    ### BEGIN SOLUTION
    if list(features) != list(model.feature_names_in_):
        raise ValueError(f"the model was fitted with {list(model.feature_names_in_)}")
    data = skops.io.dumps(model)
    manifest = {
        "version": version,
        "features": list(features),
        "metrics": metrics,
        "scikit_learn": sklearn.__version__,
        "sha256": hashlib.sha256(data).hexdigest(),
    }
    Path(folder).mkdir(parents=True)
    (Path(folder) / "model.skops").write_bytes(data)
    (Path(folder) / "manifest.json").write_text(json.dumps(manifest))
    ### END SOLUTION


def load_bundle(folder, columns, trusted):
    """Return the model and the manifest of a bundle, or raise ValueError before anything runs."""
    ### BEGIN SOLUTION
    manifest = json.loads((Path(folder) / "manifest.json").read_text())
    for key in ("version", "features", "metrics", "scikit_learn", "sha256"):
        if key not in manifest:
            raise ValueError(f"the manifest has no {key}")
    data = (Path(folder) / "model.skops").read_bytes()
    if hashlib.sha256(data).hexdigest() != manifest["sha256"]:
        raise ValueError("model.skops is not the file that was saved")
    theirs, ours = manifest["scikit_learn"].split(".")[0], sklearn.__version__.split(".")[0]
    if theirs != ours:
        raise ValueError(f"saved with scikit-learn {theirs}, and this is {ours}")
    missing = [name for name in manifest["features"] if name not in columns]
    if missing:
        raise ValueError(f"the service does not have {', '.join(missing)}")
    try:
        unknown = set(skops.io.get_untrusted_types(data=data)) - set(trusted)
    except zipfile.BadZipFile:
        raise ValueError("model.skops is no file of skops") from None
    if unknown:
        raise ValueError(f"not trusted: {', '.join(sorted(unknown))}")
    return {"model": skops.io.loads(data, trusted=list(trusted)), "manifest": manifest}
    ### END SOLUTION
