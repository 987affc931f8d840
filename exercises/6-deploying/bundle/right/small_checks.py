"""A list of small checks, a dataclass for the manifest, and a file written beside and renamed."""

import dataclasses
import hashlib
import json
import shutil
import tempfile
import zipfile
from pathlib import Path

import sklearn
from skops.io import dump, get_untrusted_types, load


@dataclasses.dataclass
class Manifest:
    version: str
    features: list
    metrics: dict
    scikit_learn: str
    sha256: str


def digest(path):
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def save_bundle(folder, model, features, metrics, version):
    folder = Path(folder)
    if folder.exists():
        raise FileExistsError(folder)
    if tuple(features) != tuple(model.feature_names_in_):
        raise ValueError("features do not fit the model")
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(dir=folder.parent))
    try:
        dump(model, draft / "model.skops")
        sha256 = digest(draft / "model.skops")
        told = Manifest(version, list(features), metrics, sklearn.__version__, sha256)
        (draft / "manifest.json").write_text(json.dumps(dataclasses.asdict(told), indent=2))
        draft.rename(folder)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise


def refuse_unless(good, why):
    if not good:
        raise ValueError(why)


def load_bundle(folder, columns, trusted):
    raw = json.loads(Path(folder, "manifest.json").read_text())
    for field in dataclasses.fields(Manifest):
        refuse_unless(field.name in raw, f"manifest.json: {field.name} is missing")
    told = Manifest(**{field.name: raw[field.name] for field in dataclasses.fields(Manifest)})
    path = Path(folder, "model.skops")
    refuse_unless(digest(path) == told.sha256, "model.skops: wrong hash")
    major = told.scikit_learn.partition(".")[0]
    refuse_unless(int(major) == int(sklearn.__version__.partition(".")[0]), "wrong scikit-learn")
    lacking = set(told.features).difference(columns)
    refuse_unless(not lacking, f"missing columns: {sorted(lacking)}")
    refuse_unless(zipfile.is_zipfile(path), "model.skops: not a skops file")
    strange = [name for name in get_untrusted_types(file=path) if name not in trusted]
    refuse_unless(not strange, f"untrusted: {strange}")
    return {"model": load(path, trusted=strange or list(trusted)), "manifest": raw}
