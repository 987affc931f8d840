"""From hostile bytes to a notebook, and from a mangled notebook to answers."""

from __future__ import annotations

import contextlib
import copy
import hashlib
import json
import os
import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.errors import SubmissionError
from grader.exercises import notebook, source
from grader.exercises.cells import names as cell_names
from grader.exercises.cells import parse
from grader.exercises.folder import Exercise
from grader.submissions import align as submission
from grader.submissions import inbox, upload
from grader.submissions.pieces import Aligned, Status
from grader.text import LONGEST
from tests.builders import NOTEBOOK, heights

Raw = dict[str, Any]

HELPER = "def metres(text):\n    return parse_height(text) / 100"
PARSE = 'def parse_height(text):\n    feet, inches = text.split("\'")\n    return 30.48 * int(feet)'
TALLEST = "def tallest(heights):\n    return max(heights, key=metres)"
NOTE = "Which heights would you not trust, and why?\n\nThe ones that I cannot read."


# How one answer is written where it is copied from; IPython runs each of them.
PROMPTS = {
    "python": lambda text: ">>> " + text.replace("\n", "\n... "),
    "python, behind a comment": lambda text: "# mine\n\n>>> " + text.replace("\n", "\n... "),
    "python, indented": lambda text: "    >>> " + text.replace("\n", "\n    ... "),
    "ipython": lambda text: "In [3]: " + text.replace("\n", "\n   ...: ") + "\n   ...: ",
    "ipython, a long session": lambda text: "In [113]: " + text.replace("\n", "\n     ...: "),
    "indented": lambda text: "    " + text.replace("\n", "\n    "),
    "indented, below empty lines": lambda text: "\n \n\t" + text.replace("\n", "\n\t"),
    "indented, with a magic": lambda text: "  %time x = 1\n  " + text.replace("\n", "\n  "),
}


@pytest.fixture(scope="module")
def exercise(tmp_path_factory: pytest.TempPathFactory) -> Exercise:
    # `check` is given, so that solved notebooks can be run here without a kernel.
    given = NOTEBOOK.replace("from grader import check, hint, load", "check = print").replace(
        "# %matplotlib inline\n", ""
    )
    return heights(tmp_path_factory.mktemp("course"), notebook=given)


@pytest.fixture
def solved(exercise: Exercise) -> Raw:
    """Return a submission as JSON: three answers, and a helper in a cell of the learner's own."""
    answers = {"parse_height": PARSE, "tallest": TALLEST, "note": NOTE}
    raw: Raw = json.loads(notebook.dumps(notebook.solve(exercise, answers)))
    for cell in raw["cells"]:
        cell["source"] = "".join(cell["source"])
    raw["cells"].insert(cell_of(raw, "tallest"), code(HELPER))
    return raw


def code(text: str, **more: Any) -> Raw:
    empty: Raw = {"outputs": [], "execution_count": None, "metadata": {}}
    return {"cell_type": "code", "source": text, **empty, **more}


def cell_of(raw: Raw, grade_id: str) -> int:
    for index, cell in enumerate(raw["cells"]):
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == grade_id:
            return index
    raise AssertionError(grade_id)


def parsed(raw: Any) -> nbformat.NotebookNode:
    return upload.parse(json.dumps(raw).encode("utf-8", "surrogatepass"))


def aligned(raw: Raw, exercise: Exercise) -> Aligned:
    found = submission.align(parsed(raw), notebook.release(exercise), exercise)
    nbformat.validate(found.notebook)
    return found


def run(found: Aligned) -> dict[str, Any]:
    """Run top to bottom; like in grading, a cell that lacks a name does not stop the others."""
    space: dict[str, Any] = {}
    for cell in found.notebook.cells:
        if cell.cell_type == "code":
            with contextlib.suppress(NameError):
                exec(cell.source, space)
    return space


def strip_metadata(raw: Raw) -> Raw:
    for cell in raw["cells"]:
        cell["metadata"] = {}
    return raw


def strip_ids(raw: Raw) -> Raw:
    for cell in raw["cells"]:
        cell.pop("id", None)
    return raw


def origins(found: Aligned) -> list[tuple[str, str]]:
    return [
        (cell.metadata.grader.origin, cell.metadata.grader.get("task", ""))
        for cell in found.notebook.cells
    ]


# ---------------------------------------------------------------- align


def test_a_notebook_as_it_should_be_needs_no_repair(exercise: Exercise, solved: Raw) -> None:
    found = aligned(solved, exercise)

    assert found.repairs == ()
    assert {task: answer.status for task, answer in found.answers.items()} == {
        "parse_height": Status.ANSWERED,
        "tallest": Status.ANSWERED,
        "note": Status.ANSWERED,
    }
    assert run(found)["tallest"](["5'0", "6'0"]) == "6'0"


def test_every_cell_says_where_it_comes_from(exercise: Exercise, solved: Raw) -> None:
    assert origins(aligned(solved, exercise)) == [
        ("given", ""),
        ("given", ""),
        ("answer", "parse_height"),
        ("check", "parse_height"),
        ("given", ""),
        ("given", ""),
        ("learner", ""),
        ("answer", "tallest"),
        ("check", "tallest"),
        ("answer", "note"),
        ("given", ""),
    ]


def test_an_untouched_release_is_unchanged_not_missing(exercise: Exercise) -> None:
    found = aligned(json.loads(notebook.dumps(notebook.release(exercise))), exercise)

    assert {answer.status for answer in found.answers.values()} == {Status.UNCHANGED}
    assert found.repairs == ()
    assert found.notebook.cells == notebook.release(exercise).cells


def test_an_answer_that_cannot_be_found_is_missing_and_said_so(
    exercise: Exercise, solved: Raw
) -> None:
    del solved["cells"][cell_of(solved, "tallest")]

    found = aligned(solved, exercise)

    assert found.answers["tallest"].status is Status.MISSING
    assert found.repairs == ("No answer to tallest was found: no cell defines tallest.",)
    with pytest.raises(NotImplementedError):
        run(found)


def test_an_empty_notebook_misses_everything_and_gets_the_given_cells(exercise: Exercise) -> None:
    found = aligned({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}, exercise)

    assert {answer.status for answer in found.answers.values()} == {Status.MISSING}
    assert "7 given cells were missing; put back." in found.repairs
    assert "No answer to note was found: there is no text for it." in found.repairs


def test_answers_are_found_by_the_cells_id(exercise: Exercise, solved: Raw) -> None:
    found = aligned(strip_metadata(solved), exercise)

    assert found.answers["note"].source == NOTE
    assert (
        "The answer to parse_height had lost its nbgrader metadata; "
        "it was found by the id of its cell."
    ) in found.repairs


def test_an_id_that_colab_moved_into_the_metadata_is_an_id(exercise: Exercise, solved: Raw) -> None:
    for cell in solved["cells"]:
        cell["metadata"] = {"id": cell.pop("id", "")}

    found = aligned(solved, exercise)

    assert any("by the id of its cell" in sentence for sentence in found.repairs)


def test_answers_are_found_by_what_they_define_and_texts_by_their_place(
    exercise: Exercise, solved: Raw
) -> None:
    found = aligned(strip_ids(strip_metadata(solved)), exercise)

    assert found.answers["tallest"].source == TALLEST
    assert found.answers["note"].source == NOTE
    assert found.repairs == (
        "The answer to parse_height had lost its nbgrader metadata; "
        "it was found by the name that it defines, parse_height.",
        "The answer to tallest had lost its nbgrader metadata; "
        "it was found by the name that it defines, tallest.",
        "The answer to note had lost its nbgrader metadata; it was found by its place.",
    )
    assert run(found)["tallest"](["5'0", "6'0"]) == "6'0"


def test_an_answer_in_another_cell_is_found_and_comes_after_what_it_needs(
    exercise: Exercise, solved: Raw
) -> None:
    at = cell_of(solved, "tallest")
    solved["cells"][at]["source"] = source.stubs(exercise)["tallest"]
    del solved["cells"][at - 1]
    later = "tallest = sorted_by(metres)"
    helper = f"{HELPER}\ndef sorted_by(key):\n    return lambda heights: max(heights, key=key)"
    solved["cells"][at + 1 : at + 1] = [code(helper), code(later)]

    found = aligned(solved, exercise)

    assert found.answers["tallest"].source == later
    assert found.repairs == (
        "The answer to tallest was not in its own cell; "
        "it was found by the name that it defines, tallest.",
    )
    assert run(found)["tallest"](["5'0", "6'0"]) == "6'0"


def test_of_two_copies_the_last_changed_one_counts(exercise: Exercise, solved: Raw) -> None:
    at = cell_of(solved, "tallest")
    older = copy.deepcopy(solved["cells"][at])
    older["source"] = "def tallest(heights):\n    return heights[0]"
    stub = {**copy.deepcopy(older), "source": source.stubs(exercise)["tallest"]}
    solved["cells"].insert(at + 1, stub)
    solved["cells"].insert(at, older)

    found = aligned(solved, exercise)

    assert found.answers["tallest"].source == TALLEST
    assert found.repairs == ("There were 2 answers to tallest; the last one counts.",)
    assert run(found)["tallest"](["5'0", "6'0"]) == "6'0"


def test_a_later_definition_counts_as_it_does_in_the_learners_own_run(
    exercise: Exercise, solved: Raw
) -> None:
    solved["cells"].insert(
        cell_of(solved, "note"), code("def tallest(heights):\n    return 'mine'")
    )

    found = aligned(solved, exercise)

    assert run(found)["tallest"]([]) == "mine"
    assert any("A cell further down answers tallest again" in told for told in found.repairs)


@pytest.mark.parametrize("kind", ["markdown", "raw"])
def test_a_code_answer_of_another_type_is_code_again(
    exercise: Exercise, solved: Raw, kind: str
) -> None:
    cell = solved["cells"][cell_of(solved, "parse_height")]
    cell["cell_type"] = kind
    del cell["outputs"], cell["execution_count"]

    found = aligned(solved, exercise)

    assert run(found)["parse_height"]("5'0") == pytest.approx(152.4)
    assert found.repairs == (
        "The cell of the answer to parse_height had another type; it was changed back.",
    )


def test_a_written_answer_typed_as_code_is_text_again(exercise: Exercise, solved: Raw) -> None:
    cell = solved["cells"][cell_of(solved, "note")]
    cell |= {"cell_type": "code", "outputs": [], "execution_count": None}

    found = aligned(solved, exercise)

    assert found.answers["note"].source == NOTE
    answers = [c for c in found.notebook.cells if c.metadata.grader.get("task") == "note"]
    assert [cell.cell_type for cell in answers] == ["markdown"]


@pytest.mark.parametrize("keep_metadata", [True, False])
def test_a_cell_split_in_the_middle_is_put_together(
    exercise: Exercise, solved: Raw, keep_metadata: bool
) -> None:
    at = cell_of(solved, "parse_height")
    first, _, second = PARSE.partition("\n    return")
    rest = copy.deepcopy(solved["cells"][at])
    solved["cells"][at]["source"] = first
    rest["source"] = "    return" + second
    if not keep_metadata:
        rest["metadata"] = {}
    solved["cells"].insert(at + 1, rest)

    found = aligned(solved, exercise)

    assert found.answers["parse_height"].source == PARSE
    assert found.repairs == (
        "A cell was split in the middle of a statement; it was put together again.",
    )


def test_a_cell_split_between_statements_keeps_both_parts(exercise: Exercise, solved: Raw) -> None:
    at = cell_of(solved, "parse_height")
    helper = copy.deepcopy(solved["cells"][at])
    helper["source"] = "def feet(text):\n    return int(text[0])"
    solved["cells"][at]["source"] = "def parse_height(text):\n    return feet(text) * 30.48"
    solved["cells"].insert(at + 1, helper)

    found = aligned(solved, exercise)

    assert run(found)["parse_height"]("6'0") == pytest.approx(182.88)


def test_answers_merged_into_one_cell_are_divided(exercise: Exercise, solved: Raw) -> None:
    at = cell_of(solved, "tallest")
    merged = f"{HELPER}\n\n{TALLEST}\n\n# my own\n{PARSE}"
    del solved["cells"][at]
    solved["cells"][cell_of(solved, "parse_height")]["source"] = merged

    found = aligned(solved, exercise)

    assert found.answers["tallest"].source == f"{HELPER}\n\n{TALLEST}"
    assert found.answers["parse_height"].source == f"# my own\n{PARSE}"
    assert "The answer to tallest shared a cell with another answer; it was divided." in (
        found.repairs
    )
    assert run(found)["tallest"](["5'0", "6'0"]) == "6'0"


def test_shuffled_metadata_does_not_swap_answers(exercise: Exercise, solved: Raw) -> None:
    one = solved["cells"][cell_of(solved, "parse_height")]
    two = solved["cells"][cell_of(solved, "tallest")]
    one["metadata"], two["metadata"] = two["metadata"], one["metadata"]
    one["id"], two["id"] = two["id"], one["id"]

    found = aligned(solved, exercise)

    assert found.answers["tallest"].source == TALLEST
    assert found.answers["parse_height"].source == PARSE


def test_given_cells_come_from_the_release_in_its_order(exercise: Exercise, solved: Raw) -> None:
    released = [c.source for c in notebook.release(exercise).cells if "given" in str(c.metadata)]
    solved["cells"].reverse()

    found = aligned(solved, exercise)

    given_cells = [c for c in found.notebook.cells if c.metadata.grader.origin == "given"]
    assert [cell.source for cell in given_cells] == released
    assert "Given cells had been moved; they were put back in their order." in found.repairs


def test_what_was_written_into_a_given_cell_is_kept_but_its_values_are_put_back(
    exercise: Exercise, solved: Raw
) -> None:
    at = cell_of(solved, "given-2")
    solved["cells"][at]["source"] = "import math\nimport statistics\ncheck = print\nINCH = 3"

    found = aligned(solved, exercise)

    space = run(found)
    assert space["INCH"] == 2.54
    assert "statistics" in space
    assert found.repairs == (
        "A given cell was changed; put back, and what you had added was kept.",
    )


def test_an_answer_merged_into_a_given_cell_is_found(exercise: Exercise, solved: Raw) -> None:
    at = cell_of(solved, "parse_height")
    solved["cells"][at - 1]["source"] += f"\n\n{PARSE}"
    del solved["cells"][at]

    found = aligned(solved, exercise)

    assert found.answers["parse_height"].source == PARSE


def test_a_note_typed_under_the_question_is_kept(exercise: Exercise, solved: Raw) -> None:
    solved["cells"][0]["source"] += "\n\nMy remark."

    found = aligned(solved, exercise)

    assert found.notebook.cells[1].source == "My remark."
    assert origins(found)[1] == ("learner", "")


def test_outputs_of_checks_are_not_taken_from_the_learner(exercise: Exercise, solved: Raw) -> None:
    said = [{"output_type": "stream", "name": "stdout", "text": "all passed"}]
    for cell in solved["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"] = said

    found = aligned(solved, exercise)

    kept = {cell.metadata.grader.origin for cell in found.notebook.cells if cell.get("outputs")}
    assert kept == {"answer", "learner"}


def test_tags_and_other_metadata_of_the_learner_are_dropped(
    exercise: Exercise, solved: Raw
) -> None:
    for cell in solved["cells"]:
        cell["metadata"] |= {"tags": ["skip-execution"], "editable": True, "grader": {"x": 1}}

    found = aligned(solved, exercise)

    assert "skip-execution" not in str(found.notebook)
    assert [cell.metadata for cell in found.notebook.cells if "nbgrader" in cell.metadata] == [
        cell.metadata for cell in notebook.release(exercise).cells
    ]


def test_cell_ids_stay_unique_when_the_learner_took_those_of_the_release(
    exercise: Exercise, solved: Raw
) -> None:
    solved["cells"][cell_of(solved, "tallest") - 1]["id"] = "heights-given-1"

    ids = [cell.id for cell in aligned(solved, exercise).notebook.cells]

    assert len(set(ids)) == len(ids)


def test_a_notebook_of_another_exercise_is_named(exercise: Exercise) -> None:
    other: Raw = {"nbformat": 4, "nbformat_minor": 5, "cells": []}
    other["metadata"] = {"grader": {"exercise": "weights"}}

    assert "This is the notebook of weights, not of heights." in aligned(other, exercise).repairs


@pytest.mark.parametrize("how", PROMPTS)
@pytest.mark.parametrize("bare", [False, True], ids=["with metadata", "without"])
def test_pasted_prompts_and_indents_are_read_as_ipython_reads_them(
    exercise: Exercise, solved: Raw, how: str, bare: bool
) -> None:
    for cell in solved["cells"]:
        more = "comment" in how or "magic" in how  # what is given has no more lines than it had
        if cell["cell_type"] == "code" and (not more or cell["source"].startswith("def ")):
            cell["source"] = PROMPTS[how](cell["source"])
    raw = strip_ids(strip_metadata(solved)) if bare else solved

    found = aligned(raw, exercise)

    assert {answer.status for answer in found.answers.values()} == {Status.ANSWERED}
    assert not [said for said in found.repairs if "does not define" in said or "missing" in said]
    assert bare or found.repairs == ()
    if "magic" not in how:
        assert run(found)["tallest"](["5'0", "6'0"]) == "6'0"


@pytest.mark.parametrize(
    ("above", "indented", "whole"),
    [
        ("class A:\n    def a(self):\n        pass", "    def b(self):\n        pass", False),
        ("def f(x):\n    y = x", "    return y", False),
        ("def f(x):", "    def g():\n        pass", False),
        ("for n in range(3):\n    print(n)", "    print(n)", False),
        ("def f(x):\n    return x", "    def g(x):\n        return x", True),
        ("x = 1", "    y = 2\n    z = 3", True),
        ("", "    y = 2\n    def g():\n        yield", True),
    ],
)
def test_an_indented_cell_is_whole_unless_it_goes_on_with_the_one_above(
    above: str, indented: str, whole: bool
) -> None:
    read = upload.parse(
        json.dumps({"nbformat": 4, "cells": [code(above), code(indented)]}).encode()
    )

    assert (read.cells[1].source != indented) == whole


def test_prompts_in_a_text_or_a_docstring_stay(exercise: Exercise, solved: Raw) -> None:
    told = 'def metres(text):\n    """\n    >>> metres(1)\n    """\n%time x = 1'
    quoted = ">>> a = 1\n... what the manual says\n\n    b = 2"
    solved["cells"][cell_of(solved, "note")]["source"] = quoted

    found = aligned({**solved, "cells": [*solved["cells"], code(told)]}, exercise)

    assert told in [cell.source for cell in found.notebook.cells]
    assert found.answers["note"].source == quoted


@pytest.mark.parametrize(
    "mark", ["%python", "  %python3 ", "%spark.pyspark", "%%pyspark", "%%local"]
)
@pytest.mark.parametrize(
    "above", ["", "\n", "# Databricks notebook source\n", "# COMMAND ------\n"]
)
@pytest.mark.parametrize("bare", [False, True], ids=["with metadata", "without"])
def test_a_line_that_names_pythons_own_language_is_left_out(
    exercise: Exercise, solved: Raw, mark: str, above: str, bare: bool
) -> None:
    for cell in solved["cells"]:
        if cell["cell_type"] == "code":
            cell["source"] = f"{above}{mark}\n{cell['source']}"
    raw = strip_ids(strip_metadata(solved)) if bare else solved

    found = aligned(raw, exercise)

    said = f"The line {mark.strip()} at the top of 8 cells was left out: Jupyter does not know it."
    assert found.repairs[0] == said
    assert bare or len(found.repairs) == 1
    assert not [more for more in found.repairs if "missing" in more or "changed" in more]
    assert run(found)["tallest"](["5'0", "6'0"]) == "6'0"


@pytest.mark.parametrize(
    "text", ["%%python\nx = 1", "%pylab inline", "%sql select 1", "x = 5\n%python", "%%md\nHm"]
)
def test_other_first_lines_stay(text: str) -> None:
    found = parsed(whole([code(text)]))

    assert found.cells[0].source == text
    assert found.metadata.grader.notes == []


def test_a_text_behind_a_mark_of_databricks_is_a_text(exercise: Exercise, solved: Raw) -> None:
    solved["cells"][cell_of(solved, "note")] = code(f"%md\n{NOTE}")

    found = aligned(solved, exercise)

    assert found.answers["note"].source == NOTE


@pytest.mark.parametrize(
    ("text", "defined"),
    [
        ("%time tallest = max", {"tallest"}),
        ("%%time\ntallest = max", {"tallest"}),
        ("%%timeit\ntallest = max", set()),  # its names are its own
        ("!pip install a \\\n  b\ntallest = max", {"tallest"}),
        ("there = !ls \\\n  -l\ntallest = max", {"there", "tallest"}),
        ("%matplotlib inline\n?max\ntallest = max", {"tallest"}),
    ],
)
def test_names_are_seen_beside_magics(text: str, defined: set[str]) -> None:
    assert cell_names(text) == defined
    assert parse(text) is not None


def test_two_tasks_by_values_are_told_apart(tmp_path: Path) -> None:
    values = (
        '# %%\ncheck = print\n\n# %% task="parse_height"\n### BEGIN SOLUTION\nfeet = 5\n'
        '### END SOLUTION\n\n# %% task="tallest"\n### BEGIN SOLUTION\nbest = 6\n'
        '### END SOLUTION\n\n# %% [markdown] task="note" manual=true\n# x\n'
    )
    exercise = heights(tmp_path, notebook=values)
    raw: Raw = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}
    raw["cells"] = [code("best = 7"), code("feet = 8"), code("other = 9")]

    found = aligned(raw, exercise)

    assert found.answers["parse_height"].source == "feet = 8"
    assert found.answers["tallest"].source == "best = 7"
    assert run(found)["other"] == 9


# ---------------------------------------------------------------- mangled at random

Mangle = Callable[[Raw, random.Random], Raw]


def delete(raw: Raw, chance: random.Random) -> Raw:
    del raw["cells"][chance.randrange(len(raw["cells"]))]
    return raw


def duplicate(raw: Raw, chance: random.Random) -> Raw:
    cell = copy.deepcopy(chance.choice(raw["cells"]))
    raw["cells"].insert(chance.randrange(len(raw["cells"]) + 1), cell)
    return raw


def shuffle(raw: Raw, chance: random.Random) -> Raw:
    chance.shuffle(raw["cells"])
    return raw


def retype(raw: Raw, chance: random.Random) -> Raw:
    cell = chance.choice(raw["cells"])
    if cell["source"] != HELPER:  # a helper made text is the learner's own doing
        cell["cell_type"] = chance.choice(["code", "markdown", "raw"])
    return raw


def swap_claims(raw: Raw, chance: random.Random) -> Raw:
    one, two = chance.choice(raw["cells"]), chance.choice(raw["cells"])
    one["metadata"], two["metadata"] = two["metadata"], one["metadata"]
    return raw


MANGLES: list[Mangle] = [
    delete,
    duplicate,
    shuffle,
    retype,
    swap_claims,
    lambda raw, _: strip_metadata(raw),
    lambda raw, _: strip_ids(raw),
]


@given(st.lists(st.sampled_from(MANGLES), max_size=6), st.integers(0, 2**32))
@settings(
    max_examples=100,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_answers_that_are_still_there_are_found_and_run(
    exercise: Exercise, solved: Raw, mangles: list[Mangle], seed: int
) -> None:
    raw, chance = copy.deepcopy(solved), random.Random(seed)
    for mangle in mangles:
        if raw["cells"]:
            raw = mangle(raw, chance)
    left = [cell["source"] for cell in raw["cells"]]

    found = aligned(raw, exercise)

    for task, text in {"parse_height": PARSE, "tallest": TALLEST}.items():
        if text in left:
            assert found.answers[task].source == text
            assert found.answers[task].status is Status.ANSWERED
        else:
            assert any(task in sentence for sentence in found.repairs)
    if NOTE in left:
        assert NOTE in found.answers["note"].source
    if {PARSE, TALLEST, HELPER} <= set(left):
        assert run(found)["tallest"](["5'0", "6'0"]) == "6'0"
    assert (HELPER in left) == (HELPER in [cell.source for cell in found.notebook.cells])


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)
FIELDS = ["cell_type", "source", "metadata", "outputs", "id", "input", "attachments"]
CELL = st.dictionaries(st.sampled_from(FIELDS), JSON | st.sampled_from(["code", "markdown"]))


@given(st.lists(CELL | JSON, max_size=6), JSON, st.sampled_from([3, 4, "4", None, True]))
@settings(
    max_examples=100, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck)
)
def test_whatever_the_json_it_is_a_notebook_or_a_sentence(
    exercise: Exercise, cells: list[Any], other: Any, version: Any
) -> None:
    raw = {"nbformat": version, "metadata": other, "cells": cells, "worksheets": other}

    try:
        found = aligned(raw, exercise)
    except SubmissionError as error:
        assert str(error).endswith(".")
    else:
        assert set(found.answers) == {"parse_height", "tallest", "note"}


@given(st.binary(max_size=64))
@settings(derandomize=True)
def test_whatever_the_bytes_it_is_a_notebook_or_a_sentence(data: bytes) -> None:
    with pytest.raises(SubmissionError):
        upload.parse(data)


# ---------------------------------------------------------------- read


def whole(cells: list[Any], **more: Any) -> Raw:
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells, **more}


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is empty"),
        (b"  \n", "is empty"),
        (bytes(range(256)) * 64, "not text in UTF-8"),
        (b"\xff\xfe\x00", "not text in UTF-8"),
        (b'{"nbformat": 4, "cells": [', "not a complete notebook (line 1)"),
        (b"[[[]]]", "hand in the .ipynb file itself"),
        (b"null", "hand in the .ipynb file itself"),
        (b'{"nbformat": 4, "cells": [], "cells": []}', "is there twice"),
        (b'{"nbformat": 99, "cells": []}', "not a notebook of format 4"),
        (b'{"nbformat": true, "cells": []}', "not a notebook of format 4"),
        (b'{"cells": []}', "not a notebook of format 4"),
        (b'{"nbformat": 4, "cells": {"0": 1}}', "no list of cells"),
        (b'{"nbformat": 4, "metadata": ' + b'{"a":' * 100_000 + b"1" + b"}" * 100_001, "deeply"),
        (b"[" * 100_000, "deeply"),
        (b"[" + b"[]," * 2_100_000 + b"[]]", "holds too much data"),
    ],
)
def test_what_is_no_notebook_is_refused_with_a_sentence(data: bytes, said: str) -> None:
    with pytest.raises(SubmissionError) as caught:
        upload.parse(data)

    assert said in str(caught.value)
    assert str(caught.value).endswith(".")


def test_too_many_cells_are_refused() -> None:
    with pytest.raises(SubmissionError, match="100000 cells; at most 2000"):
        parsed(whole([{"cell_type": "markdown", "source": "."}] * 100_000))


def test_too_much_text_in_cells_is_refused() -> None:
    with pytest.raises(SubmissionError, match="keep data in files"):
        parsed(whole([code("x" * 300_000), code("y" * 300_000)]))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_is_understood(encoding: str) -> None:
    text = json.dumps(whole([code("x = 'ä'")]), ensure_ascii=False)

    assert upload.parse(text.encode(encoding)).cells[0].source == "x = 'ä'"


def test_numbers_that_json_does_not_know_do_no_harm() -> None:
    data = b'{"nbformat":4,"metadata":{"x":' + b"9" * 10_000 + b',"y":1e999,"z":NaN},"cells":[]}'

    assert upload.parse(data).cells == []


def test_damaged_cells_are_left_out_and_counted() -> None:
    cells = [None, 7, {}, {"cell_type": "code"}, {"source": {"a": 1}}, {"source": ["a", 1]}]

    found = parsed(whole([*cells, {"cell_type": "wat", "source": "x", "metadata": None}]))

    assert [cell.cell_type for cell in found.cells] == ["raw"]
    assert found.metadata.grader.notes == ["6 damaged cells could not be read and were left out."]


def test_sources_come_as_text_or_lines_with_any_line_ending() -> None:
    found = parsed(whole([code("a\r\nb"), {"cell_type": "code", "source": ["c\n", "d"]}]))

    assert [cell.source for cell in found.cells] == ["a\nb", "c\nd"]


def test_half_a_character_is_replaced() -> None:
    data = b'{"nbformat":4,"cells":[{"cell_type":"code","source":"x = \'\\ud800\'"}]}'

    notebook.dumps(upload.parse(data)).decode()
    assert upload.parse(data).cells[0].source == "x = '\ufffd'"


def test_a_notebook_of_format_3_is_read() -> None:
    sheet = {"cells": [{"cell_type": "code", "input": ["x = 1"], "outputs": []},
                       {"cell_type": "heading", "level": 1, "source": "Title"}]}  # fmt: skip

    found = parsed({"nbformat": 3, "metadata": {}, "worksheets": [sheet, 7]})

    assert [(cell.cell_type, cell.source) for cell in found.cells] == [
        ("code", "x = 1"),
        ("markdown", "Title"),
    ]
    assert "old format 3" in found.metadata.grader.notes[0]


@pytest.mark.parametrize("told", [4, 4.0, "4", "4.0", " 4 ", "4.5"])
def test_a_4_is_a_4_however_it_is_written(told: Any) -> None:
    raw = {**whole([code("x = 1", execution_count="7")]), "nbformat": told, "nbformat_minor": "2"}

    assert [cell.source for cell in parsed(raw).cells] == ["x = 1"]


@pytest.mark.parametrize("raw", [{}, {"nbformat": None}])
def test_a_list_of_cells_without_a_format_is_read(raw: Raw) -> None:
    assert [cell.source for cell in parsed({**raw, "cells": [code("x = 1")]}).cells] == ["x = 1"]


@pytest.mark.parametrize("told", [5, "5", "four", "", "44", [4], {"4": 4}, True, -4, "1e999"])
def test_another_format_is_refused(told: Any) -> None:
    with pytest.raises(SubmissionError, match="not a notebook of format 4"):
        parsed({**whole([code("x = 1")]), "nbformat": told})


def test_claims_are_texts_of_a_cells_id_or_nothing() -> None:
    odd = {"cell_type": "code", "source": "", "id": ["x"]}
    odd["metadata"] = {"nbgrader": {"grade_id": {"a": [1]}}, "id": "../../x; DROP"}

    assert parsed(whole([odd])).cells[0].metadata.grader == {"grade_id": "", "id": ""}


def test_only_text_and_pictures_are_kept_of_outputs() -> None:
    bundle = {
        "text/plain": ["a", "b"],
        "text/html": "<script>",
        "image/svg+xml": "<svg onload=x>",
        "image/png": "AAAA",
        "image/jpeg": "AAAA",
        "application/json": [[[[]]]],
    }
    outputs = [
        {"output_type": "display_data", "data": bundle, "metadata": {"image/png": {"width": "x"}}},
        {"output_type": "stream", "name": "../x", "text": "t" * 50_000},
        {"output_type": "error", "ename": 3, "evalue": "v", "traceback": ["l", 7]},
        {"output_type": "wat"},
        None,
    ]

    kept = parsed(whole([code("x", outputs=outputs)])).cells[0].outputs

    assert kept[0] == {
        "output_type": "display_data",
        "data": {"text/plain": "ab", "image/png": "AAAA"},
        "metadata": {},
    }
    assert kept[1].name == "stdout"
    assert len(kept[1].text) <= LONGEST
    assert kept[2].traceback == ["l", ""]
    assert len(kept) == 3


def test_a_picture_that_would_end_its_attribute_is_not_kept() -> None:
    output = {"output_type": "display_data", "data": {"image/png": 'AA"onerror="x'}}

    assert parsed(whole([code("x", outputs=[output])])).cells[0].outputs[0].data == {}


def test_all_outputs_together_are_bounded() -> None:
    image = {"output_type": "display_data", "data": {"image/png": "A" * 1_900_000}}

    found = parsed(whole([code("x", outputs=[image] * 9)]))

    assert sum(len(str(output)) for output in found.cells[0].outputs) < 11_000_000


def test_a_file_is_read_and_hashed_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "heights.ipynb"
    data = json.dumps(whole([code("x = 1")])).encode()
    path.write_bytes(data)

    assert upload.read(path).cells[0].source == "x = 1"
    assert inbox.hash_of(path) == hashlib.sha256(data).hexdigest()


def test_links_folders_and_pipes_are_refused_at_once(tmp_path: Path) -> None:
    (tmp_path / "real.ipynb").write_text("{}", encoding="utf-8")
    (tmp_path / "link.ipynb").symlink_to("real.ipynb")
    (tmp_path / "folder.ipynb").mkdir()
    os.mkfifo(tmp_path / "pipe.ipynb")
    (tmp_path / "zero.ipynb").symlink_to("/dev/zero")

    for name in ("link", "folder", "pipe", "zero", "nothing"):
        with pytest.raises(SubmissionError, match=rf"{name}\.ipynb (cannot|is not|was not)"):
            upload.read(tmp_path / f"{name}.ipynb")


def test_a_file_over_the_limit_is_refused_with_the_way_out(tmp_path: Path) -> None:
    path, data = tmp_path / "big.ipynb", json.dumps(whole([code("x = 1")])).encode()
    path.write_bytes(data.ljust(upload.LIMIT_MB * 1_000_000))

    assert upload.read(path).cells[0].source == "x = 1"

    path.write_bytes(data.ljust(upload.LIMIT_MB * 1_000_000 + 1))
    with pytest.raises(SubmissionError, match=r"larger than 20 MB: clear the outputs"):
        upload.read(path)


def test_no_notebook_that_is_read_holds_up_the_class(exercise: Exercise) -> None:
    cells = [code("x;" * 24_000), *[code("def tallest(") for _ in range(1_900)]]
    begin = time.monotonic()

    aligned(whole(cells), exercise)

    assert time.monotonic() - begin < 120  # quadratic work would take much longer
