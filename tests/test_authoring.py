"""The certificate names what is wrong with an exercise, and only that."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

import pytest

from grader.authors import certificate as authoring
from grader.authors import degenerate
from grader.authors.certificate import Certificate
from grader.authors.mutants import mutants
from grader.exercises.folder import Exercise, find, find_all
from tests import builders

pytestmark = pytest.mark.sandbox

SLUG = "doubled_value"
HIDDEN = '''\
from grader import task

@task("doubled_value")
def test_numbers(submission):
    """Numbers are doubled."""
    assert submission.doubled_value(-30) == -60

@task("doubled_value")
def test_text_is_repeated(submission):
    """Text is repeated."""
    assert submission.doubled_value("quack") == "quackquack"
'''
VISIBLE = '''\
from grader import task

@task("doubled_value")
def test_two_gives_four(submission):
    """Two gives four."""
    assert submission.doubled_value(2) == 4
'''
WRONG = {
    "adds_one": ("test_numbers, test_text_is_repeated, test_two_gives_four", "return 3"),
    "squares": ("test_numbers, test_text_is_repeated", "return value ** 2"),
    "numbers_only": ("test_text_is_repeated", "return float(value) * 2"),
    "text_only": ("test_numbers", "return str(value) * 2"),
    "returns_nothing": ("test_numbers", "value + value"),
}
RIGHT = {
    "multiplies": "return value * 2",
    "adds_two": "both = [value, value]\n    return both[0] + both[1]",
}


def an_exercise(course: Path) -> Exercise:
    made = builders.one(course, "0-start", SLUG)
    (made.folder / "test_hidden.py").write_text(HIDDEN, encoding="utf-8")
    (made.folder / "test_visible.py").write_text(VISIBLE, encoding="utf-8")
    for name, (tests, body) in WRONG.items():
        write(made, f"wrong/{name}.py", f'"""A mistake.\n\nrejected by: {tests}\n"""\n', body)
    for name, body in RIGHT.items():
        write(made, f"right/{name}.py", '"""Another way."""\n', body)
    return made


def write(exercise: Exercise, name: str, docstring: str, body: str) -> None:
    path = exercise.folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"{docstring}def {SLUG}(value):\n    {body}\n", encoding="utf-8")


def verified(course: Path, *, with_mutants: bool = False) -> Certificate:
    return authoring.verify(course, find(course, SLUG), with_mutants=with_mutants)


def faults(certificate: Certificate) -> list[str]:
    return [fault for check in certificate.checks for fault in check.faults]


def test_a_good_exercise_holds_and_its_kill_matrix_is_told(tmp_path: Path) -> None:
    an_exercise(tmp_path)

    certificate = verified(tmp_path, with_mutants=True)

    assert faults(certificate) == []
    assert certificate.holds
    assert certificate.rejections["wrong/numbers_only"] == ["test_text_is_repeated"]
    assert certificate.mutants > 0
    assert authoring.to_json([certificate])[0]["holds"] is True


def test_the_kill_matrix_is_a_page_and_json(tmp_path: Path) -> None:
    an_exercise(tmp_path)
    certificate = verified(tmp_path)

    page = authoring.write([certificate], tmp_path / "certificate").read_text(encoding="utf-8")
    (told,) = json.loads((tmp_path / "certificate/certificate.json").read_text(encoding="utf-8"))

    assert told["rejections"]["wrong/numbers_only"] == ["test_text_is_repeated"]
    assert certificate.mistakes["wrong/numbers_only"] in page
    assert all(behavior in page for behavior in certificate.tests.values())


def test_a_change_that_nobody_notices_needs_a_reason(tmp_path: Path) -> None:
    made = an_exercise(tmp_path)
    path = made.folder / "notebook.py"
    text = path.read_text(encoding="utf-8")
    line = "doubled = value + value"
    path.write_text(text.replace(line, f"unused = 1 + 2\n    {line}"), encoding="utf-8")

    certificate = verified(tmp_path, with_mutants=True)
    survivors = [what for what in certificate.survivors if "unused" in what]

    assert survivors
    assert set(survivors) <= set(faults(certificate))
    reasons = "".join(f"{json.dumps(what)} = 'nobody reads it'\n" for what in survivors)
    (made.folder / "survivors.toml").write_text(reasons, encoding="utf-8")
    explained = verified(tmp_path, with_mutants=True)
    assert faults(explained) == []
    assert explained.survivors[survivors[0]] == "nobody reads it"
    (made.folder / "survivors.toml").write_text("'changed nothing' = 'so what'", encoding="utf-8")
    assert any(
        "explains what is not so" in fault
        for fault in faults(verified(tmp_path, with_mutants=True))
    )


def test_every_kind_of_fault_is_told_at_once(tmp_path: Path) -> None:
    made = an_exercise(tmp_path)
    write(
        made,
        "wrong/multiplies_too.py",
        '"""M.\n\nrejected by: test_numbers\n"""\n',
        "return value * 2",
    )
    write(made, "wrong/names_nothing.py", '"""M.\n\nrejected by: test_nope\n"""\n', "return 3")
    write(made, "right/is_wrong.py", '"""R."""\n', "return 4")
    hidden = HIDDEN + '\n@task("doubled_value")\ndef test_idle(submission):\n    """Idle."""\n'
    (made.folder / "test_hidden.py").write_text(hidden, encoding="utf-8")

    told = "\n".join(faults(verified(tmp_path)))

    assert "it passes test_idle" in told  # the unsolved notebook does
    assert "wrong/multiplies_too.py passes test_numbers" in told
    assert "wrong/names_nothing.py names test_nope, which is no test" in told
    assert "it is rejected by: test_two_gives_four, test_numbers, test_text_is_repeated" in told
    assert "right/is_wrong.py: test_numbers failed" in told
    assert "test_idle rejects no solution" in told


def test_a_test_that_only_fails_along_with_others_is_no_reason(tmp_path: Path) -> None:
    made = an_exercise(tmp_path)
    text = (
        HIDDEN
        + '''
@task("doubled_value")
def test_a_hundred(submission):
    """A hundred, too."""
    assert submission.doubled_value(100) == 200
'''
    )
    (made.folder / "test_hidden.py").write_text(text, encoding="utf-8")

    assert faults(verified(tmp_path)) == [
        "test_a_hundred rejects no solution in wrong/ that names it"
    ]


def claimed(certificate: Certificate, claim: str) -> list[str]:
    return [fault for check in certificate.checks if claim in check.claim for fault in check.faults]


NOTHING_DOUBLED = """
@task("doubled_value", weight=2)
def test_nothing_stays_nothing(submission):
    \"\"\"Nothing doubled is nothing.\"\"\"
    assert submission.doubled_value(0) == 0
"""


def test_an_answer_that_says_nothing_earns_nothing_or_is_explained(tmp_path: Path) -> None:
    made = an_exercise(tmp_path)
    (made.folder / "test_hidden.py").write_text(HIDDEN + NOTHING_DOUBLED, encoding="utf-8")
    earning = [
        f"doubled_value: {value} passes test_nothing_stays_nothing"
        for value in ("0", "False", "the first argument")
    ]

    certificate = verified(tmp_path)

    assert claimed(certificate, "degenerate") == [f"{what}, for 0.4 points" for what in earning]
    assert not certificate.holds

    stated = [*earning, "doubled_value: None passes test_numbers"]
    reasons = "".join(f"{json.dumps(what)} = 'nothing else is asked'\n" for what in stated)
    (made.folder / "degenerate.toml").write_text(reasons, encoding="utf-8")
    certificate = verified(tmp_path)
    page = authoring.write([certificate], tmp_path / "certificate").read_text(encoding="utf-8")

    assert claimed(certificate, "degenerate") == [
        "degenerate.toml explains what is not so: doubled_value: None passes test_numbers"
    ]
    assert certificate.degenerate == dict.fromkeys(earning, "nothing else is asked")
    assert authoring.to_json([certificate])[0]["degenerate"] == certificate.degenerate
    assert earning[0] in page
    (made.folder / "degenerate.toml").write_text("no toml", encoding="utf-8")
    assert "degenerate.toml" in claimed(verified(tmp_path), "degenerate")[0]


def test_a_test_that_ends_the_learners_process_is_tried_with_all_values(tmp_path: Path) -> None:
    made = an_exercise(tmp_path)
    ends = """
@task("doubled_value")
def test_ends(submission):
    \"\"\"Nothing is asked of a None, and everything else ends the process.\"\"\"
    if submission.doubled_value(3) not in (None, {}):
        submission.library("os")._exit(0)
"""
    (made.folder / "test_hidden.py").write_text(HIDDEN + ends, encoding="utf-8")

    earned = claimed(verified(tmp_path), "degenerate")

    assert [fault.split(" passes")[0] for fault in earned] == [
        "doubled_value: None",
        "doubled_value: an empty dict",
    ]


ANSWER = '''
from sklearn.base import BaseEstimator

LIMIT = 3

class Model(BaseEstimator):
    def __init__(self, factor=2):
        self.factor = factor

    def fit(self, X, y=None):
        self.mean_ = sum(X)
        return self

    @property
    def size(self):
        return 7

    def predict(self, X) -> list:
        """Return a list."""
        return [self.factor * self.mean_ for _ in X]

def total(values, *, least=0):
    return sum(value for value in values if value > least)
'''


def test_a_degenerate_answer_has_all_names_and_says_one_thing() -> None:
    given: dict[str, Any] = {}
    exec(degenerate.answer(ANSWER), given)
    exec("later = total([1])\nkept = LIMIT\nmodel = Model(5).fit([1, 2])", given)

    for number, value in enumerate(degenerate.VALUES):
        given["answer_with"](number)
        said = [
            given["total"]([5], least=1),
            given["total"](values=[5]),
            given["Model"](factor=4).fit([1]).predict([5]),
            given["model"].predict([5]),
        ]
        if value != degenerate.INPUT:
            made = [*said, given["later"], given["model"].size]
            assert len({type(one) for one in made}) == 1, value
    assert said == [[5]] * 4
    assert (given["later"], given["kept"]) == (None, 3)
    assert given["model"].get_params() == {"factor": 5}
    assert not hasattr(given["model"], "mean_")


def test_names_without_functions_are_bound_to_the_value() -> None:
    given: dict[str, Any] = {}
    exec(degenerate.answer("SCHEMA = {'a': 1}\nlimit: int = 3"), given)

    given["answer_with"](list(degenerate.VALUES).index("an empty list"))

    assert (given["SCHEMA"], given["limit"]) == ([], [])


def test_a_given_solution_is_a_leak(tmp_path: Path) -> None:
    made = an_exercise(tmp_path)
    path = made.folder / "notebook.py"
    text = path.read_text(encoding="utf-8")
    given = "# %%\n# doubled = value + value\n# return doubled\n\n# %% task="
    path.write_text(text.replace("# %% task=", given), encoding="utf-8")

    assert any("lines that solve" in fault for fault in faults(verified(tmp_path)))


def test_an_exercise_that_cannot_be_read_does_not_stop_the_others(tmp_path: Path) -> None:
    an_exercise(tmp_path)
    broken = builders.one(tmp_path, "1-next", "broken_one")
    spec = broken.folder / "exercise.toml"
    spec.write_text('data = ["nowhere"]\n' + spec.read_text(encoding="utf-8"), encoding="utf-8")

    found = authoring.certify(tmp_path, find_all(tmp_path), with_mutants=False)
    good, bad = sorted(found, key=lambda certificate: certificate.exercise)

    assert good.holds
    assert "nowhere" in "\n".join(faults(bad))


SOURCE = '''
def f(values, least=0):
    """Count the large ones."""
    total = 0
    for value in values:
        if value is not None and value >= least:
            total += 1
    if not total:
        return None
    return total / 2
'''


def test_mutants_differ_from_the_source_and_from_each_other() -> None:
    made = dict(mutants(SOURCE, limit=100))

    assert len(set(made.values())) == len(made) >= 8
    assert ast.unparse(ast.parse(SOURCE)) not in made.values()
    for what, source in made.items():
        assert "`" in what
        ast.parse(source)


def test_mutants_leave_docstrings_and_what_changes_nothing_alone() -> None:
    made = dict(mutants(SOURCE, limit=100))

    assert all("Count the large ones." in source for source in made.values())
    assert not any("returns None in `return None`" in what for what in made)


def test_few_mutants_are_spread_over_the_code() -> None:
    assert 2 <= len(list(mutants(SOURCE, limit=3))) <= 3
