"""Opens the file, and looks at its hash afterwards.

rejected by: test_any_changed_byte_is_refused, test_a_changed_file_is_not_opened,
test_checks_come_before_the_file_is_opened
"""

import hashlib
import json
import zipfile
from pathlib import Path

import joblib
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
    file = Path(folder) / "model.skops"
    try:
        model = skops.io.load(file, trusted=list(trusted))
    except zipfile.BadZipFile:
        model = joblib.load(file)
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
    return {"model": model, "manifest": manifest}
