"""What decides the points of parse_height; never shipped.

The strings under "as typed" are from the heights that students reported (see the data card).
"""

import numpy as np
import pytest

from grader import load, task

# As typed: feet and inches with marks -> (feet, inches).
MARKED = {
    "5' 10": (5, 10), "5' 11\"": (5, 11), "5' 4\"": (5, 4), "5' 7\"": (5, 7),
    "5' 7.78\"": (5, 7.78), "5'10": (5, 10), "5'10''": (5, 10), "5'11": (5, 11),
    "5'11\"": (5, 11), "5'11''": (5, 11), "5'2": (5, 2), "5'2\"": (5, 2), "5'3": (5, 3),
    "5'3\"": (5, 3), "5'3''": (5, 3), "5'4": (5, 4), "5'5": (5, 5), "5'5\"": (5, 5),
    "5'5''": (5, 5), "5'6": (5, 6), "5'6''": (5, 6), "5'7": (5, 7), "5'7\"": (5, 7),
    "5'7''": (5, 7), "5'7.5''": (5, 7.5), "5'8": (5, 8), "5'8\"": (5, 8), "5'9": (5, 9),
    "5'9''": (5, 9), "6'": (6, 0), "6'1\"": (6, 1), "6'3\"": (6, 3), "6'4\"": (6, 4),
}  # fmt: skip
# As typed: with words, or with only a blank between feet and inches -> (feet, inches).
WORDED = {
    "5 feet 6 inches": (5, 6), "5 feet 7inches": (5, 7), "5 feet and 8.11 inches": (5, 8.11),
    "5 ft 9 inches": (5, 9), "5ft 9 inches": (5, 9), "Five foot eight inches": (5, 8),
    "5 11": (5, 11), "6 04": (6, 4),
}  # fmt: skip
# As typed: one number.
INCHES = """
    69" 50 51 52 53 53.77 54 55 58 59 59.0551 60 61.32 62.4 63 64.1732 64.57 65 66.75 66.9291
    67.2 68.1102 68.11024 68.8976378 69.29 70.8661 71.65 72.83 73.62 74.8 75.98 76 77.1654 78.74
    79.05 80 81
""".split()
CENTIMETERS = ["165cm", "170 cm", "150", "152", "157", "161", "175", "183", "190", "192", "210"]
METERS = ["1.6", "1.7", "1,70", "2"]
# As typed: not clear enough for anybody -> None.
UNCLEAR = """
    5.1 5.11 5.2 5.25 5.3 5.4 5.5 5.51 5.57 5.6 5.69 5.7 5.75 5.8 5.9 6.1 6.2 6.5 6.7 5,3 5,4
    5,8 6,8 5 6 7 511 612 684 6*12
""".split()
ABSURD = """
    2'33 649,606 7,283,465 708,661 728,346 >9000 yyy 0 0.7 1 12 22 34 86 89 100 103.2 111 120
    214 300 10000 11111
""".split()
# Of the 1,095 reports in heights.csv, those that the contract allows to read, and their mean.
READ, MEAN_CM = 966, 173.5697


def in_cm(feet, inches):
    return (12 * feet + inches) * 2.54


def check(submission, pairs):
    """Assert that each text is read as the number that is due, to within 0.01 cm."""
    for text, due in pairs:
        got = submission.parse_height(text)
        assert isinstance(got, int | float | np.number), text
        assert got == pytest.approx(due, abs=0.01), text


def check_refuses(submission, texts):
    """Assert that each text gives None, from a parser that does read what is clear."""
    check(submission, [("170 cm", 170)])
    for text in texts:
        assert submission.parse_height(text) is None, text


@task("parse_height", weight=2)
def test_marked_feet_and_inches_as_typed(submission):
    """Feet and inches with marks are read in every spelling that the students used."""
    check(submission, [(text, in_cm(*due)) for text, due in MARKED.items()])


@task("parse_height")
def test_worded_feet_and_inches_as_typed(submission):
    """Units in words, numbers in words and "and" are read; so are feet and inches with only a blank
    between."""
    check(submission, [(text, in_cm(*due)) for text, due in WORDED.items()])


@task("parse_height", weight=2)
def test_single_numbers_as_typed(submission):
    """A single number is read as inches, centimeters or meters, whichever is plausible or
    marked."""
    check(submission, [(text, float(text.rstrip('"')) * 2.54) for text in INCHES])
    check(submission, [(text, float(text.rstrip(" cm"))) for text in CENTIMETERS])
    check(submission, [(text, float(text.replace(",", ".")) * 100) for text in METERS])


@task("parse_height", weight=2)
def test_unclear_heights_as_typed(submission):
    """Feet with a decimal point or without a mark can be read in two ways, so they are left to a
    person."""
    check_refuses(submission, [*UNCLEAR, "5 .11"])


@task("parse_height")
def test_absurd_heights_as_typed(submission):
    """What is no plausible height in any unit is refused, and so is what is no height at all."""
    check_refuses(submission, ABSURD)


@task("parse_height")
def test_inches_go_up_to_twelve(submission):
    """Twelve inches carry into another foot in every spelling; more than twelve are refused, never
    carried."""
    twelve = ["5'12", "5' 12\"", "5 ft 12 in", "5 feet and 12 inches", "five foot twelve", "5 12"]
    check(submission, [(text, in_cm(6, 0)) for text in twelve])
    check(submission, [("4'12''", in_cm(5, 0)), ("6'0\"", in_cm(6, 0))])
    check(submission, [("five feet zero inches", in_cm(5, 0))])

    check_refuses(submission, ["5'13", "5'12.5\"", "5 ft 14 in", "5 13", "4'20\"", "5'99"])


@task("parse_height")
def test_without_marks_there_are_no_decimals(submission):
    """With only a blank between feet and inches, a decimal point or comma makes the text unclear;
    with marks the inches may have decimals."""
    check(submission, [("5 11", 180.34), ("5 ft 11.5", 181.61), ("5'8,5", 173.99)])

    check_refuses(submission, ["5 11.5", "5 8.0", "5 10,5", "6 0.25", "5.0 11", "five 6.5"])


@task("parse_height")
def test_the_plausible_range_holds_for_all_units(submission):
    """Heights from 50 to 84 inches are read, ends included, and others refused, however they are
    written."""
    ends = [("4'2\"", 127), ("50", 127), ("127 cm", 127), ("127", 127), ("1.28m", 128)]
    ends += [("7'0\"", 213.36), ("7 ft", 213.36), ("84 in", 213.36), ("2.13", 213)]
    check(submission, ends)

    check_refuses(submission, ["4'1\"", "7'1", "8 ft", "3 11", "49.9", "84.1", "40 in", '90"'])
    check_refuses(submission, ["126.9", "213.4", "1.26", "2.14 m", "100 cm", "250cm", "0.5 m"])
    check_refuses(submission, ["70 m", "70 cm", "1.7 cm", "170 in"])


@task("parse_height")
def test_a_comma_is_a_decimal_point(submission):
    """A decimal comma means the same as a decimal point, in every unit."""
    check(submission, [("1,85", 185), ("1,85 m", 185), ("172,5 cm", 172.5), ("68,5", 173.99)])
    check(submission, [("5'7,5\"", 171.45), ("5 ft 7,5 in", 171.45), ("66,25 inches", 168.275)])


@task("parse_height")
def test_blanks_case_and_curly_marks(submission):
    """Blanks around and between, capitals, and the curly quotes of telephones change nothing."""
    check(submission, [("  5'11\"  ", 180.34), ("5  '  11  \"", 180.34), ("5   11", 180.34)])
    check(submission, [("5 FT 9 IN", 175.26), ("5ft9in", 175.26), ("5 foot 9 inch", 175.26)])
    check(
        submission,
        [("SIX Feet TWO", 187.96), ("70 Inches", 177.8), ("170CM", 170), (" 1.70M", 170)],
    )
    check(submission, [("5\u201911\u201d", 180.34), ("5\u2019 11", 180.34), ("70\u201d", 177.8)])


@task("parse_height", weight=2)
def test_the_whole_text_must_fit(submission):
    """A height with something else around it is refused: a range, a guess or a second height is not
    one height."""
    check_refuses(submission, ["about 170 cm", "170 cm tall", "5'11\" or so", "5'11\" 180 cm"])
    check_refuses(submission, ["170-175", "170/175 cm", "70 or 71", "5'11'9", '69" 70"', "5'11 cm"])
    check_refuses(submission, ["~70", "70?", "(170)", "height 70", "170 kg"])


@task("parse_height")
def test_a_number_is_digits_only(submission):
    """Signs, exponents, underscores and thousands separators make a text no number, whatever Python
    thinks of it."""
    check_refuses(
        submission, ["-70", "+170", "6e1", "1.7e2 cm", "1_70", "7_0 in", "1.7.0", "1,7,0"]
    )
    check_refuses(
        submission, ["nan", "inf", "0x46", "-5'11", "5'-11", "5'1e1", "17 0 cm", "1 . 70"]
    )
    check_refuses(submission, ["5.5 ft", "5.5' 2", "5,0'11"])


@task("parse_height", weight=2)
def test_no_text_makes_it_raise(submission):
    """Whatever the text is, empty, endless, odd or in another script, the answer is None and never
    an error."""
    check_refuses(submission, ["", " ", "\n", "\x00", "' '", "'11\"", "ft in", "%s {0} {}"])
    check_refuses(submission, "' '' \" ft cm m in and , . five 5'ft 1. .5 ()[]{}*+?\\|^$".split())
    check_refuses(submission, "² 5'² 5'½ ½ ⑦ Ⅷ 身長 😀".split())
    nines = "9" * 5000
    check_refuses(submission, [nines, f"{nines}'", f"5'{nines}", f"{nines} cm", f"1.{nines}e9"])
    check_refuses(submission, ["5 " * 3000, "'" * 3000, "five " * 2000])

    rng = np.random.default_rng(4)
    alphabet = list("0123456789'\".,²½ ftincm-")
    for _ in range(200):
        text = "".join(rng.choice(alphabet, rng.integers(1, 9)))
        got = submission.parse_height(text)
        assert got is None or 126.99 <= got <= 213.37


@task("parse_height", weight=2)
def test_it_reads_what_it_prints(submission):
    """A height that is written out again, in any of the forms, is read back as the same
    height."""
    rng = np.random.default_rng(7)
    for total in rng.integers(60, 84, 12).tolist():
        feet, inches = divmod(total, 12)
        cm = in_cm(feet, inches)
        texts = [f"{feet}'{inches}\"", f"{feet}' {inches}''", f"{feet} ft {inches} in"]
        texts += [f"{feet} feet and {inches} inches", f"{feet}foot{inches}", f"{feet} {inches}"]
        texts += [f"{total}", f'{total}"', f"{total}.0 in", f"{cm:.2f} cm", f"{cm:.2f}"]
        texts += [f"{cm / 100:.4f} m", f"{cm / 100:.4f}"]
        check(submission, [(text, cm) for text in texts])
        once = submission.parse_height(texts[0])
        check(submission, [(f"{once:.3f} cm".replace(".", ","), cm)])


@task("parse_height", weight=2)
def test_all_reported_heights(submission):
    """Over all 1,095 reported heights, as many are read as can be, and those that are unclear are
    left."""
    counts = load("heights")["height"].value_counts()

    read = {text: submission.parse_height(text) for text in counts.index}
    read = {text: cm for text, cm in read.items() if cm is not None}

    assert sum(counts[text] for text in read) == READ
    total = sum(counts[text] * cm for text, cm in read.items())
    assert total / READ == pytest.approx(MEAN_CM, abs=0.01)
