"""The certificate names what is wrong with an exercise, and only that."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest

from grader import authoring
from grader.authoring import Certificate
from grader.exercise import Exercise, find, find_all
from grader.mutants import mutants
from tests import exercises_for_tests

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
    made = exercises_for_tests.one(course, "0-start", SLUG)
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
        "does not survive" in fault for fault in faults(verified(tmp_path, with_mutants=True))
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


def test_a_given_solution_is_a_leak(tmp_path: Path) -> None:
    made = an_exercise(tmp_path)
    path = made.folder / "notebook.py"
    text = path.read_text(encoding="utf-8")
    given = "# %%\n# doubled = value + value\n# return doubled\n\n# %% task="
    path.write_text(text.replace("# %% task=", given), encoding="utf-8")

    assert any("lines that solve" in fault for fault in faults(verified(tmp_path)))


def test_an_exercise_that_cannot_be_read_does_not_stop_the_others(tmp_path: Path) -> None:
    an_exercise(tmp_path)
    broken = exercises_for_tests.one(tmp_path, "1-next", "broken_one")
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
