"""The site converter: pure functions first, then one small course through both doors."""

from __future__ import annotations

import base64
import json
import re
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
import yaml
from nbformat import NotebookNode

from course.site import (
    claims,
    convert,
    download,
    execute,
    finish,
    markers,
    outputs,
    questions,
    tree,
)
from course.site import lesson as lesson_file
from course.site.claims import Claim
from course.site.execute import Run
from course.site.fault import SiteError
from course.site.lesson import Lesson
from course.site.outline import Module, Outline
from tests import commands

ROOT = Path(__file__).resolve().parents[1]
PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAQAAAACCAYAAAB/qH1jAAAAEklEQVR4nGP8z8Dwn4GBgQEA"
    "DwQCAM+PH6oAAAAASUVORK5CYII="
)
HEADER = """# ---
# jupyter:
#   kernelspec: {display_name: Python 3, language: python, name: python3}
#   course: {minutes: 30, difficulty: 2}
# ---

"""


def lesson_of(tmp_path: Path, body: str, header: str = HEADER) -> Lesson:
    path = tmp_path / "course/4-cleaning/wind.py"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(header + body, encoding="utf-8")
    return lesson_file.read(path, tmp_path / "course")


def outline_of(lesson: Lesson) -> Outline:
    module = Module(4, "Cleaning", "About.", lesson.module, (lesson.slug,))
    return Outline(lesson.source.parents[2], (module,), {lesson.name: lesson}, {})


def page_of(lesson: Lesson, *cells: list[NotebookNode], values: tuple[str, ...] = ()) -> str:
    run = Run(tuple(tuple(cell) for cell in cells), tuple((True, value) for value in values))
    return convert.page(lesson, run, outline_of(lesson)).markdown


def plot() -> NotebookNode:
    return nbformat.v4.new_output("display_data", {"image/png": PIXEL, "text/plain": "<Figure>"})


TITLE = "# %% [markdown]\n# # Wind\n#\n# Text.\n\n"
PLOT = "# %%{}\nweather.wind.hist();\n"


# ---------------------------------------------------------------- numbers in prose


def test_a_claim_splits_where_an_f_string_would() -> None:
    text = '{{ 8.5 | w["a:b"][1:3].std():.1f }} {{ 1,048 | max(w):,.0f }} {{ 3 | {"a": 3}["a"] }}'

    assert [*claims.find(text)] == [
        Claim("8.5", 'w["a:b"][1:3].std()', ".1f"),
        Claim("1,048", "max(w)", ",.0f"),
        Claim("3", '{"a": 3}["a"]', ""),
    ]
    assert claims.plain(text) == "8.5 1,048 3"


def test_a_number_that_the_data_contradict_is_named_with_file_and_both_values(
    tmp_path: Path,
) -> None:
    body = TITLE.replace(
        "Text.", "From {{ 5.6 | calm:.1f }} to {{ 8.5 | storm:.1f }}, {{ \u22123 | low }}."
    )
    lesson = lesson_of(tmp_path, body)

    faults = [*Run((), ((True, "5.6"), (True, "8.6"), (True, "-3"))).disagreements(lesson)]

    assert [str(f) for f in faults] == [
        f"{lesson.source}: text says 8.5, the data say 8.6 (storm:.1f)"
    ]


def test_a_claim_without_expression_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SiteError, match=r"cell 1 .*\{\{ 8.5 \}\}.* is no claim"):
        lesson_of(tmp_path, TITLE.replace("Text.", "To {{ 8.5 }}."))


def test_update_rewrites_literals_also_over_line_breaks_and_in_alt_texts() -> None:
    source = (
        "# %% [markdown]\n# From {{\n# 5.5 | calm:.1f }} to {{ 8.5 |\n# storm:.1f }} mph.\n"
        '# %% alt="Up to {{ 9 | top[\\"a\\"] }}."\n'
    )

    new = claims.rewrite(source, {"calm:.1f": "5.6", "storm:.1f": "8.6", 'top["a"]': "10"})

    assert new == source.replace("5.5", "5.6").replace("8.5", "8.6").replace("{{ 9 ", "{{ 10 ")


def test_words_stand_only_while_their_condition_is_true(tmp_path: Path) -> None:
    lesson = lesson_of(
        tmp_path, TITLE.replace("Text.", "It loses {{ about a\n# quarter | cut < 0.3 }}.")
    )

    assert [*Run((), ((True, True),)).disagreements(lesson)] == []
    (fault,) = Run((), ((True, False),)).disagreements(lesson)
    assert str(fault).endswith("text says about a quarter, the data say False (cut < 0.3)")


def test_a_number_that_is_its_own_proof_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SiteError, match=r"cell 1 .*: 42 is proven by 42"):
        lesson_of(tmp_path, TITLE.replace("Text.", "To {{ 42 | 42 }}."))


@pytest.mark.parametrize(
    ("description", "number"),
    [
        ("It climbs from about 10 percent to {{ 49% | top:.0%}}.", "10"),
        ("From \u22122,360 on.", "\u22122,360"),
        ("Up to 1/10.", "1/10"),
        ("At {{ 19 | peak }}:00.", "00"),
        ("Another 40mph.", "40"),
        ("It has 1,998 rows and 20.13 more.", "1,998"),
    ],
)
def test_a_number_typed_into_a_description_is_refused(
    tmp_path: Path, description: str, number: str
) -> None:
    alt = f"has {re.escape(number)} typed by hand; write {{{{ literal"

    with pytest.raises(SiteError, match=rf"wind\.py: cell 2 \(weather.*{alt}"):
        lesson_of(tmp_path, TITLE + PLOT.format(f' alt="{description}"'))
    with pytest.raises(SiteError, match=rf"wind\.py: cell 1 \(# Wind\).*{alt}"):
        lesson_of(tmp_path, TITLE.replace("Text.", f"See ![{description}](wind.svg)."))


def test_names_with_digits_may_stand_in_a_description(tmp_path: Path) -> None:
    names = "On 24 June 2013 at 18:00, on the 9th, in F1 and {{ 60 is not 100 | heading }}."

    assert lesson_of(tmp_path, TITLE + PLOT.format(f' alt="{names}"')).claims


def test_claims_shown_as_code_on_plain_pages_are_left_alone() -> None:
    text = "a {{ 1 | x }} `{{ 2 | x }}`\n\n```python\n{{ 3 | x }}\n```\n\n{{ 4 | x }}\n"

    assert claims.outside_code(text, claims.plain) == (
        "a 1 `{{ 2 | x }}`\n\n```python\n{{ 3 | x }}\n```\n\n4\n"
    )


# ---------------------------------------------------------------- cells and outputs


def test_a_plot_without_description_fails_and_names_file_and_cell(tmp_path: Path) -> None:
    lesson = lesson_of(tmp_path, TITLE + PLOT.format(""))

    with pytest.raises(SiteError, match=r"wind\.py: cell 2 \(weather\.wind\.hist\(\);\): .*alt="):
        page_of(lesson, [plot()])


def test_a_plot_carries_its_description_and_size_and_loads_late(tmp_path: Path) -> None:
    lesson = lesson_of(tmp_path, TITLE + PLOT.format(' alt="Most are below {{ 40 | limit }} mph."'))

    piece = convert.page(lesson, Run(((plot(),),), ((True, "40"),)), outline_of(lesson))

    (name,) = piece.files
    assert piece.files[name] == base64.b64decode(PIXEL)
    assert f"![Most are below 40 mph.]({name})" in piece.markdown
    assert 'width="2" height="1" loading="lazy"' in piece.markdown
    assert "<Figure>" not in piece.markdown


def test_a_table_keeps_cells_only_and_puts_numbers_right_and_words_left() -> None:
    html = (
        '<div><style scoped>x</style><table border="1" class="dataframe"><thead>'
        '<tr style="text-align: right;"><th></th><th>wind</th><th>name</th></tr></thead><tbody>'
        "<tr><th>0</th><td>1.5</td><td>a &lt;b&gt;<script>alert(1)</script></td></tr>"
        "<tr><th>1</th><td>NaN</td><td>None</td></tr></tbody></table>"
        "<p>2 rows and 2 columns</p></div>"
    )

    table = outputs.table(html)

    assert '<th scope="col">wind</th><th scope="col" class="w">name</th>' in table
    assert '<th scope="row">0</th><td>1.5</td><td class="w">a &lt;b&gt;</td>' in table
    assert "2 rows and 2 columns" in table
    assert not [part for part in ("style", "script", "border", "<th></th>") if part in table]


def test_streams_join_and_lose_colors_and_paths_that_differ_from_run_to_run() -> None:
    stream = nbformat.v4.new_output
    parts = [
        stream("stream", name="stdout", text="a "),
        stream("stream", name="stdout", text="\x1b[31mb\x1b[0m\n"),
        stream("stream", name="stderr", text="/tmp/ipykernel_12/3.py:4: UserWarning: old\n"),
        stream("stream", name="stdout", text="c\n"),
        stream("stream", name="stderr", text="/srv/.venv/lib/a/b.py:28: FutureWarning: soon\n"),
    ]

    shown = [piece.markdown for piece in outputs.render(parts, slug="x", alt="")]

    says = ["a b", "UserWarning: old", "c", "FutureWarning: soon"]
    assert [text.splitlines()[1] for text in shown] == says


def test_a_cell_that_shows_a_path_of_the_machine_is_refused_and_named(tmp_path: Path) -> None:
    lesson = lesson_of(tmp_path, TITLE + "# %%\nprint(weather.__file__)\n")
    own = ROOT / "grader/cli/main.py"

    for path in (
        "/home/ada/course/w.py",
        "/tmp/x1/model.pkl",
        "lib/site-packages/pandas/a.py",
        own,
    ):
        shown = nbformat.v4.new_output("stream", text=f"loaded '{path}'\n")
        with pytest.raises(SiteError) as refused:
            page_of(lesson, [shown])
        assert "cell 2 (print(weather.__file__)): shows a path of this machine, " in str(
            refused.value
        )
        assert str(path) in str(refused.value)


def test_paths_that_readers_make_themselves_may_be_shown(tmp_path: Path) -> None:
    text = "Run `.venv/bin/python`, edit /etc/systemd/system/x.service, see https://a.org/tmp/x."

    assert text in page_of(lesson_of(tmp_path, TITLE.replace("Text.", text)))


def test_text_with_backticks_cannot_close_its_block() -> None:
    block = outputs.fence("```\n# not a heading\n```", "output")

    assert block.startswith("````") and block.rstrip().endswith("````")


def test_tags_hide_what_they_say(tmp_path: Path) -> None:
    body = TITLE + "".join(
        f'# %% tags=["{tag}"]\n{tag.replace("-", "_")} = 1\n\n'
        for tag in ("hide-input", "remove-input", "remove-output", "remove-cell")
    )
    shown = [[nbformat.v4.new_output("stream", text=f"out {n}")] for n in range(4)]

    page = page_of(lesson_of(tmp_path, body), *shown)

    assert "<summary>Show the code</summary>\n\n``` { .python .no-copy }\nhide_input" not in page
    assert "<summary>Show the code</summary>" in page and "hide_input = 1" in page
    assert "remove_input" not in page and "remove_output = 1" in page and "remove_cell" not in page
    assert [n for n in range(4) if f"out {n}" in page] == [0, 1]


def test_a_header_with_an_unknown_key_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SiteError, match=r"unknown key 'time'.*known"):
        lesson_of(tmp_path, TITLE, HEADER.replace("difficulty: 2", "difficulty: 2, time: 3"))


# ---------------------------------------------------------------- questions and downloads

QUESTION = """# %% [markdown] tags=["question"]
# **Which null is an answer?**
#
# - [ ] a missing `age` :: No: nobody
#   wrote it down.
# - [x] a missing gust :: Yes: there was none.
"""


def test_a_question_folds_each_answer_with_verdict_and_reason(tmp_path: Path) -> None:
    page = page_of(lesson_of(tmp_path, TITLE + QUESTION))

    assert "Question 1 of 1" in page
    assert "**Not this one.** Nobody wrote it down." in page
    assert "**Right.** There was none." in page
    assert page.count("<details") == page.count("</details>") == 2


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("**Q?**\n\n- [x] one :: why", "two or more answers"),
        ("**Q?**\n\n- [ ] one :: why\n- [ ] two :: why", "no answer of the question is right"),
        ("**Q?**\n\n- [ ] one\n- [x] two :: why", "'one' has no reason"),
    ],
)
def test_a_question_without_answers_or_reasons_is_refused(source: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        questions.read(source)


def test_the_download_is_valid_readable_and_the_same_each_time(tmp_path: Path) -> None:
    body = (
        TITLE.replace("Text.", "From {{ 5.6 | calm }}, see [planes](../data/planes.md).")
        + '# %% [markdown]\n# !!! note "Mind"\n#     The gap.\n#\n# After [us](https://example.org).\n\n'
        + QUESTION
        + '\n# %% tags=["raises-exception"]\n1 / 0\n'
    )
    lesson = lesson_of(tmp_path, body)

    written = download.notebook(lesson)

    notebook = nbformat.reads(written.decode(), as_version=4)
    nbformat.validate(notebook)
    first, note, question, code = notebook.cells
    assert first.source.endswith("From 5.6, see planes.")
    assert note.source == "> **Mind**\n>\n> The gap.\n\nAfter [us](https://example.org)."
    assert "<details><summary>Answers</summary>" in question.source
    assert "**B: right.** There was none." in question.source
    assert code.outputs == [] and code.metadata.tags == ["raises-exception"]
    assert download.notebook(lesson) == written


# ---------------------------------------------------------------- the cache's key


def test_text_alt_and_display_tags_leave_the_key_code_and_claims_change_it(tmp_path: Path) -> None:
    body = TITLE.replace("Text.", "{{ 1 | x }}") + '# %% alt="A" tags=["hide-input"]\nx = 1\n'
    base = execute.key(lesson_of(tmp_path, body), tmp_path)

    def key(old: str, new: str) -> str:
        assert old in body
        return execute.key(lesson_of(tmp_path, body.replace(old, new)), tmp_path)

    assert key("# Wind", "# Gusts") == base
    assert key('alt="A"', 'alt="B"') == base
    assert key("hide-input", "remove-input") == base
    assert key("{{ 1 |", "{{ 2 |") == base
    assert key("x = 1", "x = 2") != base
    assert key("| x }}", "| x + 0 }}") != base
    assert key("hide-input", "raises-exception") != base
    assert key("hide-input", "shows-warning") != base


def test_only_the_data_sets_that_a_lesson_loads_change_its_key(tmp_path: Path) -> None:
    record = tmp_path / "datasets/provenance.json"
    record.parent.mkdir()

    def key(code: str, **sets: int) -> str:
        record.write_text(json.dumps({"sets": sets}))
        return execute.key(lesson_of(tmp_path, f"{TITLE}# %%\n{code}\n"), tmp_path)

    one = 'load("weather")'
    assert key(one, weather=1, planes=1) == key(one, weather=1, planes=2)
    assert key(one, weather=1, planes=1) != key(one, weather=2, planes=1)
    any_of_them = 'load(f"weather_{year}")'
    assert key(any_of_them, weather=1, planes=1) != key(any_of_them, weather=1, planes=2)


def test_the_lock_file_is_part_of_the_key(tmp_path: Path) -> None:
    lesson = lesson_of(tmp_path, TITLE)
    before = execute.key(lesson, tmp_path)

    (tmp_path / "requirements.txt").write_text("pandas==9")

    assert execute.key(lesson, tmp_path) != before


# ---------------------------------------------------------------- finished pages, plain pages


def test_finishing_a_page_changes_nothing_that_is_shown() -> None:
    code = (
        '<pre><code><span class="n">a</span> <span class="k">is</span>\n'
        '    <span class="n">b</span>\n\n</code></pre>'
    )

    plain = '<pre><code>a <span class="k">is</span>\n    b\n\n</code></pre>'
    assert finish.content(code) == plain
    assert finish.page(f"<p>\n   x\n</p>\n\n  {code}\n") == f"<p>\nx\n</p>\n{code}\n"
    assert (
        finish.content('<th></th><th style="x"></th><th>y</th>')
        == '<td></td><td style="x"></td><th>y</th>'
    )


def test_a_borrowed_number_must_be_one_of_the_lesson(tmp_path: Path) -> None:
    lesson = lesson_of(tmp_path, TITLE.replace("Text.", "{{ 8.5 | storm }}"))
    home = tmp_path / "course/index.md"
    home.write_text("To {{ 8.5 | 4-cleaning/wind }}.")
    assert markers.fill(outline_of(lesson)) == {"index.md": "To 8.5."}

    home.write_text("To {{ 8.6 | 4-cleaning/wind }}.")

    with pytest.raises(SiteError, match=r"text says 8\.6, but 4-cleaning/wind has no such number"):
        markers.fill(outline_of(lesson))


def test_a_plain_page_shows_no_path_of_a_machine_and_no_typed_number(tmp_path: Path) -> None:
    lesson = lesson_of(tmp_path, TITLE)
    home = tmp_path / "course/index.md"
    home.write_text("It is in `/home/ada/x.py`. ![Up to 12 seconds](a.svg)")

    with pytest.raises(SiteError) as refused:
        markers.fill(outline_of(lesson))

    path, number = str(refused.value).splitlines()
    assert path.startswith(f"{home}: shows a path of a machine, /home/ada/x.py")
    assert number.startswith(f"{home}: a description has 12 typed by hand")


# ---------------------------------------------------------------- both doors, a small course

CANARIES = ("canary-hidden-4711", "canary-solution-4712", "canary-wrong-4713", "canary-right-4714")
SMALL = """# ---
# jupyter:
#   kernelspec: {display_name: Python 3, language: python, name: python3}
#   course: {minutes: 5, difficulty: 1, needs: [], exercises: [late_share]}
# ---

# %% [markdown]
# # A small lesson
#
# The answer is {{ 42 | answer }}, in [the exercise](../exercises/late_share.md).

# %% alt="One dark pixel."
import base64
from IPython.display import Image, display

answer = 6 * 7
display(Image(base64.b64decode("PIXEL")))
print("warm", answer)
""".replace("PIXEL", PIXEL)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Lay out a course of one lesson and one exercise with planted canaries, and run it once."""
    root = tmp_path_factory.mktemp("small")
    course = root / "course"
    (course / "0-start").mkdir(parents=True)
    (course / "0-start/small.py").write_text(SMALL, encoding="utf-8")
    (course / "index.md").write_text("# Home\n\n<!-- road -->\n", encoding="utf-8")
    (course / "modules.toml").write_text(
        '[[modules]]\nnumber = 0\ntitle = "Start"\nabout = "A."\nfolder = "0-start"\n'
        'lessons = ["small"]\n\n[[modules]]\nnumber = 1\ntitle = "Later"\nabout = "B."\n'
    )
    (course / "assets").symlink_to(ROOT / "course/assets")
    _plant(root / "exercises/0-start/late_share")
    (root / "mkdocs.yml").write_text(yaml.safe_dump(_config(), sort_keys=False))
    tree.build(root)
    return root


def _plant(folder: Path) -> None:
    shutil.copytree(ROOT / "exercises/0-start/late_share", folder)
    spec = folder / "exercise.toml"
    text = spec.read_text(encoding="utf-8")
    lesson = next(line for line in text.splitlines() if line.startswith("lesson ="))
    spec.write_text(text.replace(lesson, 'lesson = "0-start/small"'), encoding="utf-8")
    hidden, solution, wrong, right = CANARIES
    for path, canary in (
        (folder / "test_hidden.py", hidden),
        (next((folder / "wrong").glob("*.py")), wrong),
        (next((folder / "right").glob("*.py")), right),
    ):
        path.write_text(f"{path.read_text(encoding='utf-8')}\nPLANTED = '{canary}'\n")
    source = (folder / "notebook.py").read_text(encoding="utf-8")
    marker = "    ### BEGIN SOLUTION\n"
    assert marker in source
    (folder / "notebook.py").write_text(source.replace(marker, f"{marker}    # {solution}\n"))


def _config() -> dict[str, object]:
    return {
        "INHERIT": str(ROOT / "mkdocs.yml"),
        "docs_dir": "course",
        "site_dir": "out",
        "hooks": [str(ROOT / "course/site/hook.py")],
        "theme": {"custom_dir": str(ROOT / "course/site/theme")},
        "nav": [
            "index.md",
            "0-start/index.md",
            "0-start/small.md",
            "exercises/index.md",
            "exercises/late_share.md",
        ],
    }


def mkdocs(root: Path) -> subprocess.CompletedProcess[str]:
    return commands.run("python", "-m", "mkdocs", "build", "--strict", cwd=root)


@pytest.fixture
def changed(small: Path, tmp_path: Path) -> Iterator[Path]:
    """Copy the small course, with what it already ran, to be changed by one test."""
    root = tmp_path / "changed"
    shutil.copytree(small, root, symlinks=True, ignore=shutil.ignore_patterns("out"))
    yield root


def test_nothing_secret_of_an_exercise_is_anywhere_in_the_built_site(small: Path) -> None:
    built = mkdocs(small)
    assert built.returncode == 0, built.stdout + built.stderr
    files = [path for path in (small / "out").rglob("*") if path.is_file()]

    secrets = (*CANARIES, "BEGIN SOLUTION", "test_hidden", 'flights["arr_delay"].dropna() >=')
    found = {(path.name, s) for path in files for s in secrets if s.encode() in path.read_bytes()}

    assert found == set()
    # What may be read is found in page, index and notebook: the search above can see.
    index = (small / "out/search/search_index.json").read_text(encoding="utf-8")
    page = (small / "out/exercises/late_share/index.html").read_text(encoding="utf-8")
    notebook = (small / "out/exercises/late_share.ipynb").read_text(encoding="utf-8")
    assert all("YOUR CODE HERE" in text for text in (index, page, notebook))
    assert "Hint 3 of 3" in page and "warm 42" in index


def test_a_broken_link_fails_the_strict_build(changed: Path) -> None:
    home = changed / "course/index.md"
    home.write_text(home.read_text() + "\n[nowhere](0-start/nowhere.md)\n")

    built = mkdocs(changed)

    assert built.returncode != 0
    assert "0-start/nowhere.md" in built.stderr


def test_a_wrong_number_and_a_missing_description_fail_together(changed: Path) -> None:
    lesson = changed / "course/0-start/small.py"
    text = lesson.read_text().replace("{{ 42 |", "{{ 43 |").replace(' alt="One dark pixel."', "")
    lesson.write_text(text)

    built = mkdocs(changed)

    assert built.returncode != 0
    assert "small.py: text says 43, the data say 42 (answer)" in built.stderr
    assert "small.py: cell 2 (import base64): draws a plot" in built.stderr
    assert not (changed / "out/index.html").exists()


def warn_in(changed: Path, tag: str, code: str = "warnings.warn('old')") -> Path:
    """Let the small course's cell, with this tag, run one more line."""
    lesson = changed / "course/0-start/small.py"
    text = lesson.read_text().replace('alt="One dark pixel."', f'alt="One dark pixel."{tag}')
    lesson.write_text(text.replace("import base64", f"import base64, warnings\n{code}"))
    return lesson


def test_a_warning_fails_the_build_and_is_not_kept(changed: Path) -> None:
    lesson = warn_in(changed, "")
    kept = {*(changed / ".cache/lessons").iterdir()}

    with pytest.raises(SiteError) as refused:
        tree.build(changed)

    where = "cell 2 (import base64, warnings)"
    said = f'{lesson}: {where} warns: UserWarning: old; mend it, or tag it "shows-warning"'
    assert str(refused.value) == said
    assert {*(changed / ".cache/lessons").iterdir()} == kept


def test_a_warning_that_is_meant_is_shown_without_the_place_that_it_came_from(
    changed: Path,
) -> None:
    warn_in(changed, ' tags=["shows-warning"]')

    page = tree.build(changed)["0-start/small.md"]

    assert isinstance(page, str)
    assert "\nUserWarning: old\n" in page


def test_a_tag_for_a_warning_that_does_not_come_is_refused(changed: Path) -> None:
    warn_in(changed, ' tags=["shows-warning"]', "0")

    with pytest.raises(SiteError, match=r'is tagged "shows-warning", but does not warn'):
        tree.build(changed)


def test_what_the_text_takes_from_the_data_may_not_warn_either(changed: Path) -> None:
    lesson = changed / "course/0-start/small.py"
    claim = "{{ 42 | __import__('warnings').warn('old') or answer }}"
    lesson.write_text(lesson.read_text().replace("{{ 42 | answer }}", claim))

    with pytest.raises(SiteError, match=r"an expression in the text warns: UserWarning: old"):
        tree.build(changed)


def test_words_that_the_data_no_longer_bear_out_fail_the_build(changed: Path) -> None:
    lesson = changed / "course/0-start/small.py"
    right = lesson.read_text().replace("The answer is", "{{ All | answer > 41 }} is well: it is")
    lesson.write_text(right)
    assert "All is well: it is 42" in str(tree.build(changed)["0-start/small.md"])

    lesson.write_text(right.replace("answer > 41", "__import__('numpy').less(answer, 41)"))

    with pytest.raises(SiteError, match=r"text says All, the data say False \(__import__"):
        tree.build(changed)


def test_an_exercise_that_shows_a_path_of_the_machine_is_refused(changed: Path) -> None:
    notebook = changed / "exercises/0-start/late_share/notebook.py"
    text = notebook.read_text(encoding="utf-8")
    notebook.write_text(text.replace("\n#\n", "\n#\n# In /home/ada/x.csv.\n#\n", 1))

    with pytest.raises(SiteError, match=r"notebook\.py: shows a path of this machine, /home/ada/x"):
        tree.build(changed)


def test_an_error_that_was_not_meant_fails_the_build_and_is_not_kept(changed: Path) -> None:
    lesson = changed / "course/0-start/small.py"
    lesson.write_text(lesson.read_text().replace("answer = 6 * 7", "answer = 6 / 0"))
    kept = {*(changed / ".cache/lessons").iterdir()}

    with pytest.raises(SiteError, match=r"cell 2 \(import base64\) raised ZeroDivisionError"):
        tree.build(changed)

    assert {*(changed / ".cache/lessons").iterdir()} == kept


def test_the_command_writes_the_same_pages_as_plain_markdown(changed: Path) -> None:
    to = changed / "build/docs"

    done = commands.run("python", "-m", "course.site", "--course", changed, "--to", to, cwd=ROOT)

    assert done.returncode == 0, done.stderr
    made = tree.build(changed)
    assert (to / "0-start/small.md").read_text() == made["0-start/small.md"]
    assert "answer is 42, in" in (to / "0-start/small.md").read_text()
    assert (to / "assets/course.css").is_file() and "planned" in (to / "index.md").read_text()
    assert not [*to.rglob("*.py"), *to.rglob("modules.toml")]


def test_the_command_can_put_the_datas_numbers_into_the_text(changed: Path) -> None:
    lesson = changed / "course/0-start/small.py"
    right = lesson.read_text()
    lesson.write_text(right.replace("{{ 42 |", "{{ 43 |"))
    places = ("--course", changed, "--to", changed / "d")

    done = commands.run("python", "-m", "course.site", "--update", *places, cwd=ROOT)

    assert done.returncode == 0, done.stderr
    assert lesson.read_text() == right


# ---------------------------------------------------------------- the course itself


def test_the_menu_lists_each_modules_lessons_in_the_order_of_modules_toml() -> None:
    text = (ROOT / "mkdocs.yml").read_text(encoding="utf-8").replace("!ENV ", "")
    menu = [page for page in _leaves(yaml.safe_load(text)["nav"]) if page[0].isdigit()]
    modules = tomllib.loads((ROOT / "course/modules.toml").read_text(encoding="utf-8"))["modules"]

    pages = [
        f"{module['folder']}/{name}.md"
        for module in modules
        if module.get("lessons")
        for name in ("index", *module["lessons"])
    ]
    assert menu == pages


def _leaves(node: object) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    for part in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from _leaves(part)
