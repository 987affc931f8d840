"""One exercise and a class of forty, as a course for `grader` and as one for `nbgrader`.

The cells, the answers and the tests are the same. nbgrader has its tests in cells of the notebook,
so there the body of each test function stands in a cell of its own, and `submission` is a stand-in
for the notebook's own names. A learner's data file lies beside the notebook for both.
"""

from __future__ import annotations

import ast
import csv
import random
import shutil
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from grader.exercises import folder as exercises
from grader.exercises import notebook, source

ORDERS = Path(__file__).parent / "orders"
ASSIGNMENT, NAME = "bench", "orders"
ROWS = 5000
POINTS = 2  # of each of the eight tests
KINDS = {"right": 24, "partly": 14, "broken": 1, "empty": 1}
STAND_IN = '''class Submission:
    """Answer with what the notebook defines."""

    def __getattr__(self, name):
        return globals()[name]

    def call(self, name, *args):
        self.value, self.args = globals()[name](*args), args
        return self


submission = Submission()'''
RIGHT = {
    "parse_price": """def parse_price(price):
    def one(text):
        found = re.search(r"-?[0-9][0-9,]*\\.?[0-9]*", str(text))
        value = float(found.group().replace(",", "")) if found else np.nan
        return value if value >= 0 else np.nan

    return price.map(one).astype("float64")""",
    "fix_region": """def fix_region(region):
    table = {"n": "north", "s": "south", "e": "east", "w": "west"}
    return pd.Series([table[text.strip().lower()[:1]] for text in region], index=region.index)""",
    "latest_only": """def latest_only(df):
    when = pd.to_datetime(df["updated_at"])
    last = when.groupby(df["order_id"]).idxmax()
    return df.loc[last].sort_values("order_id").reset_index(drop=True)""",
    "fill_quantity": """def fill_quantity(df):
    out = df.copy()
    number = pd.to_numeric(out["quantity"], errors="coerce").astype("float64")
    out["quantity_missing"] = number.isna()
    out["quantity"] = number.fillna(number.median())
    return out""",
}
# Each with the tests that it fails.
WRONG = {
    "parse_price": (
        """def parse_price(price):
    number = price.astype(str).str.replace(r"[^0-9.\\-]", "", regex=True)
    return pd.to_numeric(number, errors="coerce")""",
        {"test_what_is_no_price_is_null"},
    ),
    "fix_region": (
        """def fix_region(region):
    return region.str.lower()""",
        {"test_all_regions_are_known", "test_letters_and_blanks"},
    ),
    "latest_only": (
        """def latest_only(df):
    latest = df.drop_duplicates("order_id", keep="last")
    return latest.sort_values("order_id").reset_index(drop=True)""",
        {"test_the_latest_is_kept"},
    ),
    "fill_quantity": (
        """def fill_quantity(df):
    df["quantity"] = pd.to_numeric(df["quantity"], errors="coerce").astype("float64")
    df["quantity_missing"] = df["quantity"].isna()
    df["quantity"] = df["quantity"].fillna(df["quantity"].median())
    return df""",
        {"test_the_table_stays_as_it_was"},
    ),
}
BROKEN = 'def latest_only(df):\n    return df.drop_duplicates("order_id"'
BROKEN_FAILS = {"test_an_order_comes_once", "test_the_latest_is_kept"}


@dataclass(frozen=True, slots=True)
class Learner:
    """One of the class: the answers, and the points that both tools must give."""

    name: str
    answers: dict[str, str]
    points: int


def learners(count: int = sum(KINDS.values())) -> Iterator[Learner]:
    """Draw a class; the first forty are of the kinds that a class is made of, and so on."""
    rng = random.Random(20260)
    for number in range(count):
        if number % len(_kinds()) == 0:
            kinds = rng.sample(_kinds(), len(_kinds()))
        yield _learner(f"learner{number:05d}", kinds[number % len(kinds)], rng)


def _kinds() -> list[str]:
    return [kind for kind, count in KINDS.items() for _ in range(count)]


def _learner(name: str, kind: str, rng: random.Random) -> Learner:
    answers = {task: text for task, text in RIGHT.items() if rng.random() < 0.5}
    fails: set[str] = set()
    if kind == "partly":
        for task in rng.sample(sorted(WRONG), rng.choice([1, 1, 2])):
            answers[task], failed = WRONG[task]
            fails |= failed
    elif kind == "broken":
        answers["latest_only"], fails = BROKEN, BROKEN_FAILS
    elif kind == "empty":
        answers, fails = dict.fromkeys(RIGHT, ""), {test.name for test in tests()}
    return Learner(name, answers, POINTS * (len(tests()) - len(fails)))


@dataclass(frozen=True, slots=True)
class Test:
    """A test function, taken apart: its task, and its body as a cell."""

    __test__ = False

    name: str
    task: str
    body: str
    hidden: bool


def tests() -> list[Test]:
    """Read the exercise's tests."""
    found = []
    for path in (ORDERS / "test_visible.py", ORDERS / "test_hidden.py"):
        text = path.read_text()
        for node in ast.parse(text).body:
            if isinstance(node, ast.FunctionDef):
                [decorator] = node.decorator_list
                assert isinstance(decorator, ast.Call)
                [task] = decorator.args
                lines = text.splitlines()[node.body[1].lineno - 1 : node.end_lineno]
                body = textwrap.dedent("\n".join(lines))
                found.append(Test(node.name, ast.literal_eval(task), body, "hidden" in path.name))
    return found


def make_data(path: Path) -> None:
    """Write the table of orders."""
    rng = random.Random(2025)
    spellings = {
        "north": ["north", "North", " NORTH", "N"], "south": ["south", "South ", "S"],
        "east": ["east", "EAST", "E", " East"], "west": ["west", "West", "W "],
    }  # fmt: skip
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["order_id", "customer", "region", "updated_at", "price", "quantity"])
        for row in range(ROWS):
            order = 10_000 + (row if rng.random() > 0.06 else rng.randrange(max(1, row)))
            region = rng.choice(spellings[rng.choice(list(spellings))])
            moment = f"2025-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d}"
            moment += f" {rng.randint(0, 23):02d}:{rng.randint(0, 59):02d}:{rng.randint(0, 59):02d}"
            quantity = "" if rng.random() < 0.08 else rng.randint(1, 20)
            customer = f"C{rng.randrange(900):04d}"
            writer.writerow([order, customer, region, moment, _price(rng), quantity])


def _price(rng: random.Random) -> str:
    price = round(rng.lognormvariate(4, 1), 2)
    if rng.random() < 0.03:
        return rng.choice(["", "n/a", "free"])
    if rng.random() < 0.01:
        return f"-{price:.2f}"
    return rng.choice([f"${price:,.2f}", f"{price:.2f}", f" {price:,.2f} USD"])


# ---------------------------------------------------------------- grader's course


def for_grader(course: Path, people: list[Learner]) -> None:
    """Write a course with the exercise, its data and what the class handed in."""
    shutil.copytree(
        ORDERS,
        course / "exercises" / ASSIGNMENT / NAME,
        ignore=shutil.ignore_patterns("__pycache__"),
        dirs_exist_ok=True,
    )
    make_data(course / "datasets" / f"{NAME}.csv")
    exercise = exercises.find(course, NAME)
    stubs = source.stubs(exercise)
    made: dict[tuple[str, ...], bytes] = {}  # large classes repeat themselves
    for person in people:
        answers = {task: text or stubs[task] for task, text in person.answers.items()}
        key = tuple(f"{task}\0{text}" for task, text in sorted(answers.items()))
        if key not in made:
            made[key] = notebook.dumps(notebook.solve(exercise, answers))
        path = course / "submitted" / person.name / ASSIGNMENT / f"{NAME}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(made[key])


# ---------------------------------------------------------------- nbgrader's course


def for_nbgrader(course: Path) -> None:
    """Write nbgrader's course with the source notebook; the release has to be generated."""
    folder = course / "source" / ASSIGNMENT
    make_data(folder / "data" / f"{NAME}.csv")
    exercise = exercises.load(ORDERS)
    cells = [_given(STAND_IN, "stand_in")]
    for cell in source.source(exercise).cells:
        task = cell.metadata.get("task")
        if cell.cell_type != "code":
            cells.append(new_markdown_cell(cell.source))
        elif task is None:
            cells.append(new_code_cell(cell.source))
        else:
            cells.append(new_code_cell(cell.source, metadata=_told(task, solution=True)))
            cells += [_test_cell(test) for test in tests() if test.task == task]
    for number, cell in enumerate(cells):
        cell.id = f"cell{number}"
    kernel = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    nbformat.write(new_notebook(cells=cells, metadata=kernel), folder / f"{NAME}.ipynb")
    (course / "nbgrader_config.py").write_text("c = get_config()\n")


def hand_in_to_nbgrader(course: Path, people: list[Learner]) -> None:
    """Write what the class handed in, made from nbgrader's release."""
    release = course / "release" / ASSIGNMENT
    for person in people:
        folder = course / "submitted" / person.name / ASSIGNMENT
        shutil.copytree(release, folder, dirs_exist_ok=True)
        book = nbformat.read(folder / f"{NAME}.ipynb", 4)
        for cell in book.cells:
            told = cell.metadata.get("nbgrader", {})
            if told.get("solution"):
                task = told["grade_id"]
                cell.source = person.answers.get(task, _reference(task)) or cell.source
        nbformat.write(book, folder / f"{NAME}.ipynb")


def _reference(task: str) -> str:
    return source.references(exercises.load(ORDERS))[task]


def _given(source: str, name: str) -> nbformat.NotebookNode:
    return new_code_cell(source, metadata=_told(name, locked=True))


def _test_cell(test: Test) -> nbformat.NotebookNode:
    hidden = f"### BEGIN HIDDEN TESTS\n{test.body}\n### END HIDDEN TESTS"
    source = hidden if test.hidden else test.body
    return new_code_cell(source, metadata=_told(test.name, grade=True, locked=True, points=POINTS))


def _told(name: str, **told: object) -> dict[str, object]:
    plain = {"grade": False, "solution": False, "locked": False, "task": False}
    whole = {**plain, "schema_version": 3, "grade_id": name, "cell_type": "code", **told}
    return {"nbgrader": whole}
