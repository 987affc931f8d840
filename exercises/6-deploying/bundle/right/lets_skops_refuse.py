"""Lets skops raise for what it does not trust, and turns that into ValueError."""

import hashlib
import json
import pathlib
import zipfile

import sklearn
import skops.io
from skops.io.exceptions import UntrustedTypesFoundException

KEYS = ("version", "features", "metrics", "scikit_learn", "sha256")


def save_bundle(folder, model, features, metrics, version):
    if [*model.feature_names_in_] != [*features]:
        raise ValueError("other features than in fit")
    folder = pathlib.Path(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.mkdir()
    data = skops.io.dumps(model)
    sha256 = hashlib.sha256(data).hexdigest()
    values = (version, list(features), dict(metrics), sklearn.__version__, sha256)
    folder.joinpath("model.skops").write_bytes(data)
    folder.joinpath("manifest.json").write_text(json.dumps(dict(zip(KEYS, values)), indent=4))


def load_bundle(folder, columns, trusted):
    folder = pathlib.Path(folder)
    manifest = json.loads(folder.joinpath("manifest.json").read_bytes())
    lacking = [key for key in KEYS if key not in manifest]
    data = folder.joinpath("model.skops").read_bytes()
    problems = {
        f"manifest lacks {lacking}": bool(lacking),
        "model.skops was changed": hashlib.sha256(data).hexdigest() != manifest.get("sha256"),
        "another scikit-learn": str(manifest.get("scikit_learn")).split(".")[:1]
        != sklearn.__version__.split(".")[:1],
        f"columns lack {set(manifest.get('features', ())) - set(columns)}": not set(columns)
        >= set(manifest.get("features", ())),
    }
    if any(problems.values()):
        raise ValueError("; ".join(why for why, bad in problems.items() if bad))
    try:
        model = skops.io.loads(data, trusted=list(trusted))
    except (UntrustedTypesFoundException, zipfile.BadZipFile) as error:
        raise ValueError(str(error)) from error
    return {"model": model, "manifest": manifest}
