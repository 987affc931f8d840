"""Refuses newer versions only.

rejected by: test_another_major_version_is_refused
"""

import hashlib
import json
import zipfile
from pathlib import Path

import sklearn
import skops.io


def save_bundle(folder, model, features, metrics, version):
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


def load_bundle(folder, columns, trusted):
    manifest = json.loads((Path(folder) / "manifest.json").read_text())
    for key in ("version", "features", "metrics", "scikit_learn", "sha256"):
        if key not in manifest:
            raise ValueError(f"the manifest has no {key}")
    data = (Path(folder) / "model.skops").read_bytes()
    if hashlib.sha256(data).hexdigest() != manifest["sha256"]:
        raise ValueError("model.skops is not the file that was saved")
    theirs, ours = manifest["scikit_learn"].split(".")[0], sklearn.__version__.split(".")[0]
    if int(theirs) > int(ours):
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
