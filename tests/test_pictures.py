"""Pictures in written answers: shown where they can be vouched for, else named; never active."""

from __future__ import annotations

import base64
import io
import json
import random
import time
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from grader.exercises import notebook
from grader.exercises.folder import Exercise
from grader.grading.grade import grade
from grader.pages import feedback, formgrader
from grader.submissions import align, pictures, upload
from grader.submissions.pieces import Aligned, Status
from tests.builders import an_attempt, small
from tests.test_feedback import SCRIPT, assert_inert


def picture(kind: str = "PNG", width: int = 3, height: int = 2) -> str:
    file = io.BytesIO()
    Image.new("RGB", (width, height), "red").save(file, kind)
    return base64.b64encode(file.getvalue()).decode()


def noise(kind: str, characters: int) -> str:
    """Return a picture of about so many characters."""
    side = int((characters / 4) ** 0.5)
    dots, file = random.Random(side).randbytes(3 * side * side), io.BytesIO()
    Image.frombytes("RGB", (side, side), dots).save(file, kind, quality=100, subsampling=0)
    return base64.b64encode(file.getvalue()).decode()


PNG, JPEG = picture(), picture("JPEG")
NOTE = "Nothing was dropped, see: "


@pytest.fixture
def exercise(tmp_path: Path) -> Exercise:
    return small(tmp_path)


def handed_in(exercise: Exercise, note: str, attachments: Any = None, *own: Any) -> dict[str, Any]:
    """Hand in the reference, with a note that holds pictures, and cells of one's own."""
    raw: dict[str, Any] = json.loads(notebook.dumps(notebook.solve(exercise, {"note": note})))
    if attachments is not None:
        raw["cells"][-1]["attachments"] = attachments
    return {**raw, "cells": [*raw["cells"], *own]}


def text(source: str, **more: Any) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": source, **more}


def aligned(exercise: Exercise, raw: dict[str, Any]) -> Aligned:
    read = upload.parse(json.dumps(raw).encode())
    return align.align(read, notebook.release(exercise), exercise)


def on_page(exercise: Exercise, found: Aligned) -> tuple[list[str], str]:
    """Return the pictures on the learner's page, and its text."""
    page = assert_inert(feedback.page(an_attempt(), exercise, found))
    images = [str(attributes["src"]) for tag, attributes in page.tags if tag == "img"]
    return images, " ".join(page.text.split())


def for_the_marker(found: Aligned) -> list[dict[str, Any]]:
    cells = formgrader.autograded(an_attempt(), found).cells
    assert all(
        f"(attachment:{name})" in c.source for c in cells for name in c.get("attachments", {})
    )
    return [dict(data) for cell in cells for data in cell.get("attachments", {}).values()]


REFERENCES = {
    "an attachment": ("![photo](attachment:photo.one)", True),
    "an attachment with a title": ("![photo](attachment:photo.one 'of me')", True),
    "an attachment as an element": ("<img src='attachment:photo.one' width=\"300\">", True),
    "data": ("![image.png](data:image/{kind};base64,{data})", False),
    "data in brackets": ("![image.png](<data:image/{kind};base64,{data}>)", False),
    "data as an element": ('<img alt="x" src="data:image/{kind};base64,{data}"/>', False),
    "data by reference": ("![][image1]\n\n[image1]: <data:image/{kind};base64,{data}>", False),
    "data of another name": ("![image.png](data:image/jpg;base64,{data})", False),
}


@pytest.mark.parametrize("how", REFERENCES)
@pytest.mark.parametrize(("kind", "data"), [("png", PNG), ("jpeg", JPEG)])
def test_png_and_jpeg_are_shown_to_the_marker_and_on_the_page(
    exercise: Exercise, how: str, kind: str, data: str
) -> None:
    reference, is_attachment = REFERENCES[how]
    attachments = {"photo.one": {f"image/{kind}": data}} if is_attachment else None
    note = NOTE + reference.format(kind=kind, data=data)

    found = aligned(exercise, handed_in(exercise, note, attachments))

    assert found.repairs == ()
    assert on_page(exercise, found)[0] == [f"data:image/{kind};base64,{data}"]
    assert for_the_marker(found) == [{f"image/{kind}": data}]
    assert "left out" not in found.notebook.cells[-1].source


@pytest.mark.parametrize("note", ["![](attachment:a.png)", "", "YOUR ANSWER HERE"])
def test_an_answer_that_is_only_a_picture_is_shown(exercise: Exercise, note: str) -> None:
    found = aligned(exercise, handed_in(exercise, note, {"a.png": {"image/png": PNG}}))

    assert on_page(exercise, found)[0] == [f"data:image/png;base64,{PNG}"]
    assert for_the_marker(found) == [{"image/png": PNG}]


def test_pictures_of_one_name_in_several_cells_stay_apart(exercise: Exercise) -> None:
    raw = handed_in(
        exercise, "![image.png](attachment:image.png)", {"image.png": {"image/png": PNG}}
    )
    raw["cells"].append(
        text("![](attachment:image.png)", attachments={"image.png": {"image/jpeg": JPEG}})
    )

    found = aligned(exercise, raw)

    assert for_the_marker(found) == [{"image/png": PNG}, {"image/jpeg": JPEG}]
    assert len(on_page(exercise, found)[0]) == 2


def truncated(data: str) -> str:
    return base64.b64encode(base64.b64decode(data)[:-40]).decode()


@pytest.mark.parametrize(
    ("mime", "data"),
    [
        ("image/gif", picture("GIF")),
        ("image/webp", picture("WEBP")),
        ("image/svg+xml", base64.b64encode(b"<svg onload='window.taken=1'/>").decode()),
        ("image/png", base64.b64encode(b"<script>window.taken=1</script>" * 9).decode()),
        ("image/png", truncated(noise("PNG", 2_000))),
        ("image/png", picture("PNG", 5_000, 4_001)),
        ("image/jpeg", picture("JPEG", 5_000, 4_001)),
        ("image/jpeg", base64.b64encode(b"\xff\xd8\xff\xe0" + b"\xff\xd9" * 40).decode()),
        ("image/jpeg", base64.b64encode(b"\xff\xd8\xff\xe0\0\0" + b"\xff\xd9" * 40).decode()),
        ("image/jpeg", noise("JPEG", 9_000_000)),
        ("image/png", ""),
        ("image/png", "AAAA\" onerror=\"window.taken=1"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("where", ["attachment", "data"])
def test_of_any_other_is_said_that_it_was_left_out(
    exercise: Exercise, mime: str, data: str, where: str
) -> None:
    if where == "data" and '"' in data:
        data = data.replace('"', "%22")
    url = "attachment:photo" if where == "attachment" else f"data:{mime};base64,{data}"
    attachments = {"photo": {mime: data}} if where == "attachment" else None

    found = aligned(exercise, handed_in(exercise, f"{NOTE}![]({url})", attachments))

    images, said = on_page(exercise, found)
    assert images == []
    assert f"{NOTE}(A picture was left out here" in said
    assert "in submitted/" in said
    assert for_the_marker(found) == []
    assert pictures.LEFT_OUT in formgrader.autograded(an_attempt(), found).cells[-1].source
    assert found.answers["note"].status is Status.ANSWERED


@pytest.mark.parametrize("kind", ["png", "jpeg"])
@pytest.mark.parametrize("where", ["note", "own", "given"])
def test_a_picture_in_a_text_makes_no_code_unreadable(
    exercise: Exercise, kind: str, where: str
) -> None:
    data = noise(kind.upper(), 1_000_000)
    assert upload.MAX_SOURCE < len(data) < pictures.MAX_IMAGE
    shot = f"![image.png](data:image/{kind};base64,{data})"
    raw = handed_in(exercise, NOTE + shot * (where == "note"))
    if where == "own":
        raw["cells"].insert(1, text(shot))
    elif where == "given":
        raw["cells"][0]["source"].append(f"\n\n{shot}")

    found = aligned(exercise, raw)

    assert found.answers["parse_height"].status is Status.ANSWERED
    assert on_page(exercise, found)[0] == [f"data:image/{kind};base64,{data}"]
    assert for_the_marker(found) == [{f"image/{kind}": data}]


def test_other_data_in_a_text_makes_no_code_unreadable_either(exercise: Exercise) -> None:
    data = "QUJD" * 200_000
    links = [f"[x](data:application/pdf;base64,{data})", f"![x](data:image/svg+xml,%3Csvg{data})"]

    found = aligned(exercise, handed_in(exercise, NOTE, None, *map(text, links)))

    assert found.answers["parse_height"].status is Status.ANSWERED
    assert on_page(exercise, found)[1].count("left out here") == 2


def test_pictures_together_are_bounded_in_number_and_size(exercise: Exercise) -> None:
    many = f"![](data:image/png;base64,{PNG}) " * (pictures.MAX_PICTURES + 3)
    large = noise("JPEG", 1_000_000)
    some = [text(f"![](data:image/jpeg;base64,{large})") for _ in range(12)]

    found = aligned(exercise, handed_in(exercise, NOTE + many))
    assert len(for_the_marker(found)) == pictures.MAX_PICTURES
    assert found.notebook.cells[-1].source.count(pictures.LEFT_OUT) == 3

    found = aligned(exercise, handed_in(exercise, NOTE, None, *some))
    shown, _ = on_page(exercise, found)
    assert 0 < sum(map(len, shown)) <= pictures.MAX_KEPT
    assert len(shown) + str(found.notebook.cells).count(pictures.LEFT_OUT) == len(some)


def empty(width: int, height: int, shade: int = 0) -> str:
    """Return a picture of one color, which is small however many pixels it has."""
    file = io.BytesIO()
    Image.new("L", (width, height), shade).save(file, "PNG")
    return base64.b64encode(file.getvalue()).decode()


def saved(*images: str) -> dict[str, Any]:
    outputs = [
        {"output_type": "display_data", "metadata": {}, "data": {"image/png": image}}
        for image in images
    ]
    cell = {"cell_type": "code", "metadata": {}, "source": "x = 1", "execution_count": None}
    return {**cell, "outputs": outputs}


def test_pixels_of_all_pictures_on_a_page_are_bounded_and_it_says_so(exercise: Exercise) -> None:
    images = [empty(4_000, 4_000, shade) for shade in range(4)]
    text = f"![](data:image/png;base64,{images[0]})"
    found = aligned(exercise, handed_in(exercise, text, None, saved(*images[1:])))

    shown, said = on_page(exercise, found)
    whole = formgrader.autograded(an_attempt(), found)
    outputs = [output for cell in whole.cells for output in cell.get("outputs", [])]

    assert len(shown) == pictures.PAGE_PIXELS // 4_000**2 == 2
    assert said.count("left out here") == 2
    assert sum("image/png" in output.get("data", {}) for output in outputs) == 1
    assert sum("left out here" in output.get("text", "") for output in outputs) == 2


def test_a_picture_is_decoded_once(exercise: Exercise, monkeypatch: pytest.MonkeyPatch) -> None:
    image, count = empty(70, 50), 0
    decodes = pictures._decodes

    def counted(*given: Any) -> bool:
        nonlocal count
        count += 1
        return decodes(*given)

    monkeypatch.setattr(pictures, "_decodes", counted)
    text = f"![](data:image/png;base64,{image})"
    found = aligned(exercise, handed_in(exercise, text, None, saved(image, image)))

    assert len(on_page(exercise, found)[0]) == 3
    assert len(for_the_marker(found)) == 1
    assert count == 1


def test_a_thousand_references_to_a_picture_are_no_thousand_copies(exercise: Exercise) -> None:
    # The name that its picture will have is easily guessed.
    again = "![](attachment:picture-1.png)" * 100

    found = aligned(exercise, handed_in(exercise, f"![](data:image/png;base64,{PNG}){again}"))

    assert len(on_page(exercise, found)[0]) == 1
    source = formgrader.autograded(an_attempt(), found).cells[-1].source
    assert source.count("(attachment:picture-1.png)") == 1


@pytest.mark.parametrize(
    "before", ["", "<", "\\", "`", "[", "<!", "<a href=", "<img alt='", "$", "!"]
)
@pytest.mark.parametrize("alt", ["", SCRIPT, "`", "\\", '" onerror="x', "<em>", "$\\href{x}{y}$"])
@pytest.mark.parametrize("behind", ["", ">", "](javascript:window.taken=1)", SCRIPT])
def test_what_stands_around_a_picture_stays_inert(
    exercise: Exercise, before: str, alt: str, behind: str
) -> None:
    note = f"{before}![{alt}](data:image/png;base64,{PNG}){behind}"

    found = aligned(exercise, handed_in(exercise, note))

    on_page(exercise, found)
    source = formgrader.autograded(an_attempt(), found).cells[-1].source
    left = source.replace("\u2060![Picture](attachment:picture-1.png)", "")
    assert "<script" not in left and "![" not in left and "](j" not in left and "<!" not in left
    assert "attachment:p" not in left and "\\href" not in left


def test_a_long_text_and_a_raw_one_show_their_pictures_below(exercise: Exercise) -> None:
    shot = f"![](data:image/png;base64,{PNG})"
    own = [text(f"{shot}{'long ' * 4_000}"), {**text(shot), "cell_type": "raw"}]

    found = aligned(exercise, handed_in(exercise, NOTE, None, *own))

    assert len(on_page(exercise, found)[0]) == 2


def test_the_hash_of_an_answer_is_of_the_whole_picture(exercise: Exercise) -> None:
    def hash_of(*urls: str) -> str:
        note = NOTE + " ".join(f"![]({url})" for url in urls)
        return aligned(exercise, handed_in(exercise, note)).answers["note"].sha256

    one, other = (f"data:image/png;base64,{picture(width=n)}" for n in (3, 4))

    assert len({hash_of(one), hash_of(other), hash_of(one, other), hash_of()}) == 4
    assert hash_of(one) == hash_of(one)


def test_no_text_holds_up_the_class() -> None:
    begin = time.monotonic()

    for part in ("<img ", "![", "![](", "data:image/png", "data:image/a;b", "[a]: ", "![](<data:"):
        text = part * (upload.MAX_SOURCE // len(part))
        assert pictures.Album().mount(text, {}) == (text, {})
        assert pictures.length(text) == len(text)

    assert time.monotonic() - begin < 120  # quadratic work would take much longer


@pytest.mark.sandbox
def test_code_beside_pictures_is_graded_and_a_person_sees_them(tmp_path: Path) -> None:
    exercise = small(tmp_path)
    shot = f"![s](data:image/png;base64,{noise('PNG', 800_000)})"
    hands = {
        "colab": handed_in(exercise, NOTE, None, text(shot)),
        "jupyter": handed_in(exercise, "![](attachment:a.jpg)", {"a.jpg": {"image/jpeg": JPEG}}),
    }
    for learner, raw in hands.items():
        folder = tmp_path / "submitted" / learner / "4-cleaning"
        folder.mkdir(parents=True)
        (folder / "heights.ipynb").write_text(json.dumps(raw))

    summary = grade(tmp_path, f"sqlite:///{tmp_path}/gradebook.db")

    assert {one.learner: one.score for one in summary.attempts} == {"colab": 10, "jupyter": 10}
    for learner in hands:
        page = (tmp_path / "feedback" / learner / "4-cleaning/heights.html").read_text()
        assert '<img alt="Picture in this text"' in page
        kept = (tmp_path / "autograded" / learner / "4-cleaning/heights.ipynb").read_text()
        assert '"attachments"' in kept
