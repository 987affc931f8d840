"""What a learner can check at home: the examples of the text."""

import pytest

from grader import task


def check_reads(submission, *examples):
    """Assert that each text is read as the number, or the None, that is due."""
    for text, due in examples:
        got = submission.parse_height(text)
        assert got == (due if due is None else pytest.approx(due, abs=0.01)), (
            f"parse_height({text!r}) should be {due}; got {got!r}"
        )


@task("parse_height")
def test_feet_and_inches_with_marks(submission):
    """Feet and inches are read with a feet mark, with or without an inch mark, and with only a
    blank between."""
    check_reads(
        submission, ("5'11\"", 180.34), ("5' 11", 180.34), ("5'10''", 177.8), ("6'", 182.88)
    )
    check_reads(submission, ("6 ft", 182.88), ("5 11", 180.34), ("6 04", 193.04))


@task("parse_height")
def test_feet_and_inches_in_words(submission):
    """Units and small numbers may be written as words, in capitals or not."""
    check_reads(submission, ("5 ft 9 inches", 175.26), ("5 feet and 8.11 inches", 172.9994))
    check_reads(submission, ("Five foot eight inches", 172.72))


@task("parse_height")
def test_one_number(submission):
    """One number is read in its unit, or, when bare, in the only unit that makes it plausible."""
    check_reads(submission, ('69"', 175.26), ("70.5 in", 179.07), ("170 cm", 170), ("1.70 m", 170))
    check_reads(submission, ("69", 175.26), ("170", 170), ("1,70", 170))


@task("parse_height")
def test_twelve_inches_carry(submission):
    """Twelve inches make another foot; more than twelve are a slip of the hand."""
    check_reads(submission, ("5'12", 182.88), ("5'13", None))


@task("parse_height")
def test_what_is_unclear_is_refused(submission):
    """What can be read in two ways, or in none that is plausible, is None rather than a guess."""
    # A clear one first: a function that refuses everything must not pass.
    check_reads(submission, ("5'11\"", 180.34))

    check_reads(submission, ("5.11", None), ("6", None), ("511", None), ("5.5 ft", None))
    check_reads(submission, ("3'2\"", None), ("300 cm", None), ("about 170 cm", None))
