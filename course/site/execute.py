"""Run lessons top to bottom and keep what they gave under a hash of what it depends on.

The key holds code cells, claims, the provenance of the data sets that the lesson loads, the lock
file, and what else its code can reach. Text, alt texts and display tags are read afresh at every
build, so an edit there is a hit. Nothing is kept of a lesson that failed.
"""

from __future__ import annotations

import ast
import asyncio
import hashlib
import json
import os
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import nbformat
from nbformat import NotebookNode
from traitlets.config import Config

from course.site import paths
from course.site.claims import Claim
from course.site.fault import Fault, SiteError
from course.site.lesson import Lesson, place, tags
from course.site.outline import Outline
from grader import files

FORMAT = "2"  # raise it when what is kept changes
AT_ONCE = max(2, len(os.sched_getaffinity(0)))  # more than cores made builds slower
CELL_SECONDS = 300
PROVENANCE = "datasets/provenance.json"
WARNS = "shows-warning"
KEPT = 4  # runs of a lesson, so that going back and forth between two states costs nothing
STYLE = Path(__file__).with_name("matplotlibrc")

# Runs in the lesson's kernel after its last cell. Errors are answers: the build reports them all.
EVALUATE = """
def _claims(claims, names):
    from IPython.display import display
    values = []
    for expression, form in claims:
        try:
            value = eval(expression, names)
            condition = not form and type(value).__name__ in ("bool", "bool_")  # Python's, NumPy's
            values.append([True, bool(value) if condition else f"{value:{form}}"])
        except Exception as error:
            values.append([False, f"{type(error).__name__}: {error}"])
    display({"application/json": values}, raw=True)
"""


@dataclass(frozen=True, slots=True)
class Run:
    """What one lesson gave: the outputs of each code cell, and the value of each claim."""

    outputs: tuple[tuple[NotebookNode, ...], ...]
    values: tuple[tuple[bool, str | bool], ...]

    def disagreements(self, lesson: Lesson) -> Iterator[Fault]:
        """Yield a fault for all that the text says and the data do not."""
        for claim, (known, value) in zip(lesson.claims, self.values, strict=True):
            if not known:
                yield Fault(lesson.source, f"{claim.expression} cannot be computed: {value}")
            elif not claim.agrees(value):
                literal = " ".join(claim.literal.split())
                message = f"text says {literal}, the data say {value} ({claim.body})"
                yield Fault(lesson.source, message)


def run_all(outline: Outline) -> dict[str, Run]:
    """Return the run of every lesson, from the cache where it is known."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        jobs = {name: pool.submit(_run, outline, name) for name in outline.lessons}
    errors = [job.exception() for job in jobs.values()]
    for error in errors:
        if error is not None and not isinstance(error, SiteError):
            raise error
    faults = [fault for error in errors if isinstance(error, SiteError) for fault in error.faults]
    if faults:
        raise SiteError(faults)
    return {name: job.result() for name, job in jobs.items()}


def key(lesson: Lesson, root: Path, exercises: Iterable[Path] = ()) -> str:
    """Hash what a lesson's results depend on; the same key means the same results."""
    digest = hashlib.sha256()
    texts = (FORMAT, sys.version, *_code(lesson))
    for part in (*(text.encode() for text in texts), *_inputs(lesson, root, exercises)):
        digest.update(part + b"\0")
    return digest.hexdigest()[:32]


def _run(outline: Outline, name: str) -> Run:
    lesson, root = outline.lessons[name], outline.root
    folders = [outline.exercises[slug].folder for slug in lesson.exercises]
    kept = root / ".cache/lessons" / f"{lesson.slug}-{key(lesson, root, folders)}.json"
    if kept.exists():
        return _load(json.loads(kept.read_text(encoding="utf-8")))
    run = _execute(lesson, root)
    _keep(kept, run)
    return run


def _execute(lesson: Lesson, root: Path) -> Run:
    notebook = nbformat.from_dict(lesson.notebook)
    if lesson.claims:
        notebook.cells.append(nbformat.v4.new_code_cell(_evaluation(lesson.claims)))
    with TemporaryDirectory(prefix="lesson-") as scratch:
        _drive(lesson, notebook, scratch, root)
    return _result(lesson, notebook)


def _drive(lesson: Lesson, notebook: NotebookNode, scratch: str, root: Path) -> None:
    from nbclient import NotebookClient  # Half a second that a cached build does without.
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    # Sockets of its own: no port that a neighbour could read, no name that two lessons share.
    wire = {"transport": "ipc", "ip": f"{scratch}/kernel"}
    client = NotebookClient(
        notebook,
        timeout=CELL_SECONDS,
        kernel_name="python3",
        resources={"metadata": {"path": str(lesson.source.parent)}},
        config=Config({"KernelManager": wire}),
    )
    try:
        asyncio.run(client.async_execute(env=_environment(root, scratch)))
    except CellExecutionError:
        pass  # The cell holds the error; `_errors` says it in our words.
    except (CellTimeoutError, DeadKernelError) as error:
        raise SiteError([Fault(lesson.source, f"stopped: {error}")]) from None


def _result(lesson: Lesson, notebook: NotebookNode) -> Run:
    shown = notebook.cells[: len(lesson.notebook.cells)]
    if faults := [*_errors(lesson, shown), *_warnings(lesson, notebook.cells)]:
        raise SiteError(faults)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    values: list[tuple[bool, str | bool]] = []
    if lesson.claims:
        said = [o for o in cells.pop().outputs if "application/json" in o.get("data", {})]
        values = [(known, value) for known, value in said[0].data["application/json"]]
    return Run(tuple(tuple(cell.outputs) for cell in cells), tuple(values))


def _errors(lesson: Lesson, cells: Iterable[NotebookNode]) -> Iterator[Fault]:
    for number, cell in enumerate(cells, 1):
        errors = [o for o in cell.get("outputs", ()) if o.output_type == "error"]
        wanted = "raises-exception" in tags(cell)
        if errors and not wanted:
            error = errors[0]
            text = f"{place(cell, number)} raised {error.ename}: {error.evalue}"
            yield Fault(lesson.source, f'{text}; tag it "raises-exception" if it should')
            return  # What follows the first surprise is only its echo.
        if wanted and not errors:
            yield Fault(lesson.source, f'{place(cell, number)} is tagged "raises-exception"')


def _warnings(lesson: Lesson, cells: Iterable[NotebookNode]) -> Iterator[Fault]:
    """Yield what went to stderr unannounced: there warnings go, and no lesson prints there."""
    for number, cell in enumerate(cells, 1):
        heard = "".join(o.text for o in cell.get("outputs", ()) if o.get("name") == "stderr")
        line = paths.without_prefix(heard.strip()).partition("\n")[0]
        wanted = WARNS in tags(cell)
        if heard and number > len(lesson.notebook.cells):
            yield Fault(lesson.source, f"an expression in the text warns: {line}; mend it")
        elif heard and not wanted:
            message = f'{place(cell, number)} warns: {line}; mend it, or tag it "{WARNS}"'
            yield Fault(lesson.source, message)
        elif wanted and not heard and cell.execution_count:  # and not stopped by an earlier error
            message = f'{place(cell, number)} is tagged "{WARNS}", but does not warn'
            yield Fault(lesson.source, message)


def _evaluation(claims: tuple[Claim, ...]) -> str:
    pairs = [(claim.expression, claim.format) for claim in claims]
    return f"{EVALUATE}\n_claims({pairs!r}, globals())"


def _environment(root: Path, scratch: str) -> dict[str, str]:
    # A kernel of ours alone: the author's own profile and styles must not show on the site.
    profile = root / ".cache/ipython"
    profile.mkdir(parents=True, exist_ok=True)
    # A backend from the shell would keep plots, and with them their descriptions, off the page.
    inherited = {name: value for name, value in os.environ.items() if name != "MPLBACKEND"}
    return {
        **inherited,
        "IPYTHONDIR": str(profile),
        "MATPLOTLIBRC": str(STYLE),
        "PYTHONHASHSEED": "0",
        "TMPDIR": scratch,  # what a lesson writes goes when it is over
        # A kernel a core; threads of several would only wait for each other, and busily.
        **dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1"),
    }


def _code(lesson: Lesson) -> Iterator[str]:
    for cell in lesson.code_cells:
        yield cell.source
        yield str(sorted(tags(cell) & {"raises-exception", WARNS}))
    yield from (claim.body for claim in lesson.claims)


def _inputs(lesson: Lesson, root: Path, exercises: Iterable[Path]) -> Iterator[bytes]:
    yield STYLE.read_bytes()
    yield _read(root / "requirements.txt")
    code = "\n".join(cell.source for cell in lesson.code_cells)
    yield _provenance(code, _read(root / PROVENANCE) or b"{}")
    if "grader" in code.replace("from grader import load\n", ""):
        # The lesson shows the grader at work, so its output changes with the grader's code.
        for folder in (root / "grader", *exercises):
            yield from (path.read_bytes() for path in sorted(folder.rglob("*.py")))


def _provenance(code: str, recorded: bytes) -> bytes:
    names, others = _loaded(code)
    entries = json.loads(recorded).get("sets", {})
    if others or not names <= set(entries):
        return recorded
    return json.dumps({name: entries[name] for name in sorted(names)}, sort_keys=True).encode()


def _loaded(code: str) -> tuple[set[str], bool]:
    """Return the data sets that code loads by name, and whether it loads others besides."""
    try:
        nodes = [*ast.walk(ast.parse(code))]
    except SyntaxError:  # IPython's own, as in !pip: look at the whole record then.
        return set(), True
    calls = [node for node in nodes if isinstance(node, ast.Call)]
    loaded = [
        call.args[0] for call in calls if getattr(call.func, "id", "") == "load" and call.args
    ]
    names = {str(name.value) for name in loaded if isinstance(name, ast.Constant)}
    return names, not all(isinstance(name, ast.Constant) for name in loaded)


def _read(path: Path) -> bytes:
    return path.read_bytes() if path.exists() else b""


def _keep(path: Path, run: Run) -> None:
    files.write(path, json.dumps({"outputs": run.outputs, "values": run.values}).encode())
    lesson = path.name.rpartition("-")[0]
    known = sorted(path.parent.glob(f"{lesson}-*.json"), key=lambda kept: kept.stat().st_mtime)
    for old in known[:-KEPT]:
        old.unlink(missing_ok=True)


def _load(kept: dict[str, Any]) -> Run:
    outputs = tuple(tuple(nbformat.from_dict(o) for o in cell) for cell in kept["outputs"])
    return Run(outputs, tuple((known, value) for known, value in kept["values"]))
