"""What is declared is what is imported; a learner's install brings nothing of an instructor's."""

from __future__ import annotations

import ast
import hashlib
import json
import os
import platform
import re
import shutil
import site
import subprocess
import sys
import textwrap
import tomllib
import zipfile
from collections.abc import Iterable, Iterator
from functools import cache
from importlib import metadata
from pathlib import Path

import nbformat
import pytest

from grader.cli import main as command
from grader.errors import DISTRIBUTION
from grader.exercises import notebook
from grader.grading import marking
from tests import builders
from tests.commands import run

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
EXTRAS = PROJECT["project"]["optional-dependencies"]
# Where each reader comes in; what they import, and what that imports, is what the reader needs.
FACE = ("grader", "grader.cli.main", "grader.cli.options")
DOORS = {
    "learn": (
        *("grader.cli.learners", "grader.data", "grader.learners.check", "grader.suite.task"),
        "grader.sandbox.inside.interpreter",  # started by the name of its file
    ),
    "cluster": ("grader.grading.cluster",),
}
# Imported by no line of ours, but by a person: JupyterLab is a command.
STARTED = {"jupyterlab"}
NOT_FOR_LEARNERS = {"alembic", "jupyter-server", "jupyterlab", "nbconvert", "nbgrader", "notebook",
                    "sqlalchemy"}  # fmt: skip


# ---------------------------------------------------------------- what is imported


@cache
def tree(module: str) -> ast.Module | None:
    """Parse a module of ours; None when there is none of that name."""
    path = ROOT.joinpath(*module.split("."))
    files = (path.with_suffix(".py"), path / "__init__.py")
    source = next((file for file in files if file.is_file()), None)
    return ast.parse(source.read_text(encoding="utf-8")) if source else None


def nodes(parent: ast.AST) -> Iterator[ast.AST]:
    """Walk all that runs: not what is there for the type checker alone."""
    for node in ast.iter_child_nodes(parent):
        if not (isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)):
            yield node
            yield from nodes(node)


def imported(module: str) -> Iterator[str]:
    """Name what a module imports anywhere in it, by statement or by a name in a string."""
    for node in nodes(tree(module) or ast.Module([], [])):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("module"):
            yield from (str(a.value) for a in node.args if isinstance(a, ast.Constant))
        elif isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "WARM_IMPORTS":
            yield from ast.literal_eval(node.value)


def reached(doors: Iterable[str], *, closed: Iterable[str] = ()) -> set[str]:
    """Name all that comes with some modules of ours: modules of ours, and of others."""
    found: set[str] = set()
    pending = list(doors)
    while pending:
        name = pending.pop()
        if name not in found and name not in closed:
            found.add(name)
            if name.split(".")[0] == "grader":
                pending += imported(name)
    return found


def distributions(names: Iterable[str]) -> set[str]:
    """Name the packages that modules are of, as the index does."""
    tops = {name.split(".")[0] for name in names} - {*sys.stdlib_module_names, "grader"}
    homes = packages()
    unknown = tops - homes.keys()
    assert not unknown
    return {normalized(home) for top in tops for home in homes[top]}


@cache
def packages() -> dict[str, list[str]]:
    return dict(metadata.packages_distributions())


def normalized(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def declared(requirements: Iterable[str]) -> set[str]:
    """Name the packages of some requirements, other than our own extras."""
    found = (re.match(r"[\w.-]+", requirement) for requirement in requirements)
    return {normalized(match[0]) for match in found if match} - {DISTRIBUTION}


def ours() -> set[str]:
    """Name every module of the package."""
    files = (path.relative_to(ROOT) for path in (ROOT / "grader").rglob("*.py"))
    return {".".join(file.with_suffix("").parts).removesuffix(".__init__") for file in files}


def in_notebooks() -> set[str]:
    """Name what the exercises' notebooks import."""
    trees = (ast.parse(path.read_text()) for path in ROOT.glob("exercises/*/*/notebook.py"))
    found = (node for tree in trees for node in ast.walk(tree))
    plain, of = [], []
    for node in found:
        plain += [a.name for a in node.names] if isinstance(node, ast.Import) else []
        of += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
    return distributions([*plain, *of])


def test_help_needs_click_alone() -> None:
    lazy = {"grader.cli.learners", "grader.cli.instructors", "grader.cli.authors"}

    assert distributions(reached(FACE, closed=lazy)) == declared(PROJECT["project"]["dependencies"])


def test_what_learners_import_is_in_their_extra_and_nothing_else_is() -> None:
    needed = distributions(reached(DOORS["learn"])) - declared(PROJECT["project"]["dependencies"])

    assert needed <= declared(EXTRAS["learn"])
    assert declared(EXTRAS["learn"]) <= needed | in_notebooks()


def test_what_grading_imports_is_in_its_extra_and_nothing_else_is() -> None:
    needed = distributions(reached(ours() - {*DOORS["cluster"]}, closed=DOORS["cluster"]))
    before = declared([*PROJECT["project"]["dependencies"], *EXTRAS["learn"]])

    assert needed - before == declared(EXTRAS["grade"])


def test_what_a_cluster_adds_is_in_its_extra() -> None:
    before = [*PROJECT["project"]["dependencies"], *EXTRAS["learn"], *EXTRAS["grade"]]

    assert distributions(reached(ours())) - declared(before) == declared(EXTRAS["cluster"])


def test_a_lab_adds_jupyterlab_alone() -> None:
    assert declared(EXTRAS["learn-lab"]) == STARTED


def test_the_lock_has_hashes_and_names_no_host() -> None:
    text = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    pins = re.split(r"\n(?=\w)", text)
    needed = declared(
        [*PROJECT["project"]["dependencies"], *(r for e in EXTRAS.values() for r in e)]
    )

    assert needed <= {normalized(pin.split("==")[0]) for pin in pins}
    assert [pin for pin in pins if "--hash=sha256:" not in pin] == []
    assert "://" not in text
    assert "--index" not in text


# ---------------------------------------------------------------- one name in all places


def test_the_commands_version_is_the_distributions() -> None:
    assert PROJECT["project"]["name"] == DISTRIBUTION
    assert run("grader", "--version").stdout.strip().endswith(metadata.version(DISTRIBUTION))


def test_our_own_version_is_no_part_of_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = next(
        file.parts[0]
        for file in metadata.files(DISTRIBUTION) or ()
        if file.parts[0].endswith(".dist-info")
    )
    monkeypatch.setattr(site, "getsitepackages", lambda: [str(tmp_path)])
    (tmp_path / "numpy-2.4.0.dist-info").mkdir()
    parts = [platform.python_version(), platform.machine(), "numpy-2.4.0"]
    without = marking.environment_sha256.__wrapped__()

    (tmp_path / record).mkdir()
    with_ours = marking.environment_sha256.__wrapped__()
    (tmp_path / "grader-1.2.dist-info").mkdir()  # somebody else's package of that name
    with_another = marking.environment_sha256.__wrapped__()

    assert without == hashlib.sha256("\n".join(parts).encode()).hexdigest()
    assert with_ours == without
    assert with_another != without


@pytest.mark.parametrize(
    ("module", "extra"),
    [
        ("pandas", "learn"),
        ("IPython", "learn"),
        ("jupytext.jupytext", "learn"),
        ("sqlalchemy", "grade"),
        ("nbgrader", "grade"),
        ("distributed", "cluster"),
        ("nb", None),
    ],
)
def test_a_missing_module_is_found_in_an_extra(module: str, extra: str | None) -> None:
    assert command.extra_with(module) == extra


@pytest.mark.slow
def test_the_benchmarks_find_the_environments_programs(tmp_path: Path) -> None:
    program = """
        import sys
        from pathlib import Path
        from tests.bench import workload
        from tests.bench.__main__ import prepare
        ours, theirs = (Path(sys.argv[1]) / name for name in ("ours", "theirs"))
        prepare(ours, theirs, list(workload.learners(2)))
    """

    done = run("python", "-c", textwrap.dedent(program), tmp_path, cwd=ROOT, PATH=os.defpath)

    assert done.returncode == 0, done.stderr
    assert len(list(tmp_path.glob("theirs/submitted/*/bench/orders.ipynb"))) == 2


# ---------------------------------------------------------------- installed for a learner


def tell(*words: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run a command of another environment, of which nothing of this one is seen."""
    clean = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "VIRTUAL_ENV")}
    return subprocess.run(
        list(map(str, words)), cwd=cwd, env=clean, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel from a copy: a checkout's build/ may hold modules of former times."""
    folder = tmp_path_factory.mktemp("wheel")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, folder / name)
    shutil.copytree(ROOT / "grader", folder / "grader")
    done = tell(
        *(sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation"),
        *("--disable-pip-version-check", "-w", folder / "dist", folder),
        cwd=folder,
    )
    assert done.returncode == 0, done.stderr
    return next((folder / "dist").iterdir())


def test_the_wheel_holds_the_package_with_its_data_and_no_exercise(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        files = set(archive.namelist())

    name, version = DISTRIBUTION.replace("-", "_"), PROJECT["project"]["version"]
    record = f"{name}-{version}"
    package = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "grader").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    beside = {"grader/learners/jupyter/nbgrader_config.json"}  # installed where nbgrader looks
    assert wheel.name == f"{record}-py3-none-any.whl"
    assert package - beside <= files
    assert f"{record}.data/data/etc/jupyter/nbgrader_config.json" in files
    assert {f for f in files if not f.startswith(record)} <= package


@pytest.fixture(scope="module")
def learners_bin(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel as a learner does, in an environment that was empty."""
    folder = tmp_path_factory.mktemp("learner")
    uv = ROOT / ".venv" / "uv"
    made = tell(uv, "venv", "-q", "--python", sys.executable, folder / "venv", cwd=folder)
    assert made.returncode == 0, made.stderr
    done = tell(
        *(uv, "pip", "install", "-q", "--python", folder / "venv" / "bin" / "python"),
        *("--constraint", ROOT / "requirements.txt"),
        f"{DISTRIBUTION}[learn] @ {wheel.as_uri()}",
        cwd=folder,
    )
    assert done.returncode == 0, done.stderr
    return folder / "venv" / "bin"


@pytest.mark.network
@pytest.mark.slow
def test_a_learners_install_brings_nothing_of_an_instructors(learners_bin: Path) -> None:
    python = learners_bin / "python"
    done = tell(ROOT / ".venv/uv", "pip", "list", "--format", "json", "--python", python, cwd=ROOT)

    names = {normalized(package["name"]) for package in json.loads(done.stdout)}
    assert DISTRIBUTION in names
    assert names & NOT_FOR_LEARNERS == set()


@pytest.mark.network
@pytest.mark.slow
def test_a_learner_starts_solves_and_checks(learners_bin: Path, tmp_path: Path) -> None:
    builders.course(tmp_path)
    grader = learners_bin / "grader"
    path = tmp_path / "work" / "4-cleaning" / "heights.ipynb"

    quiet = tell(grader, "start", "heights", "--no-open", "--course", tmp_path, cwd=tmp_path)
    assert (quiet.returncode, quiet.stdout, quiet.stderr) == (0, f"{path}\n", "")

    unopened = tell(grader, "start", "doubled_value", cwd=tmp_path)
    assert unopened.returncode == 0
    assert unopened.stdout == "work/0-start/doubled_value.ipynb\n"
    assert unopened.stderr.splitlines() == [
        "JupyterLab is not installed: open the notebook in your own editor, or run "
        "pip install 'beyond-the-model-grader[learn-lab]'"
    ]

    unsolved = tell(grader, "check", "heights", cwd=tmp_path)
    assert unsolved.returncode == 1
    assert "parse_height: 0 of 1 visible tests pass." in unsolved.stdout
    nbformat.write(notebook.solve(builders.heights(tmp_path)), path)
    solved = tell(grader, "check", "heights", cwd=tmp_path)
    assert (solved.returncode, solved.stderr) == (0, "")
    assert "tallest: 1 of 1 visible tests pass." in solved.stdout


@pytest.mark.network
@pytest.mark.slow
def test_a_learners_python_checks_hints_and_loads(learners_bin: Path, tmp_path: Path) -> None:
    builders.course(tmp_path)
    tell(learners_bin / "grader", "start", "heights", "--no-open", cwd=tmp_path)
    program = """
        from grader import check, hint, load
        def parse_height(text):
            feet, inches = text.split("'")
            return (int(feet) * 12 + int(inches)) * 2.54
        check("parse_height")
        hint("parse_height")
        print(len(load("people")))
    """

    done = tell(
        learners_bin / "python", "-c", textwrap.dedent(program), cwd=tmp_path / "work/4-cleaning"
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert "parse_height: 1 of 1 visible tests pass." in done.stdout
    assert "Hint 1 of 3: Look at the quote." in done.stdout
    assert done.stdout.endswith("\n2\n")


@pytest.mark.network
@pytest.mark.slow
@pytest.mark.parametrize(
    "verb", ["grade", "export --to marks.csv", "feedback", "rebuild", "verify"]
)
def test_where_grading_is_not_installed_a_verb_says_how_to_get_it(
    learners_bin: Path, tmp_path: Path, verb: str
) -> None:
    builders.course(tmp_path)

    done = tell(learners_bin / "grader", *verb.split(), cwd=tmp_path)

    assert done.returncode == 1
    assert re.fullmatch(
        r"Error: \w+ is not installed: get what this command needs by "
        r"pip install 'beyond-the-model-grader\[grade\]'\n",
        done.stderr,
    )
