"""Splits the text into tokens and recognizes the six forms by the kinds of their tokens."""

# ruff: noqa: F821 - SHORTEST, TALLEST, CM_PER_INCH and WORDS are given in the notebook
import re

MARKS = {"'": "feet", "ft": "feet", "foot": "feet", "feet": "feet"}
MARKS |= {'"': "inches", "in": "inches", "inch": "inches", "inches": "inches"}
MARKS |= {"cm": "cm", "m": "m", "and": "and"}


def parse_height(text):
    tokens = tokenize(text.lower().replace("\u2019", "'").replace("\u201d", '"').replace("''", '"'))
    if tokens is None:
        return None
    kinds = [kind for kind, _ in tokens]
    values = [value for kind, value in tokens if kind in ("whole", "decimal")]
    plausible = [cm for cm in readings(kinds, values) if SHORTEST <= cm <= TALLEST]
    return plausible[0] if len(plausible) == 1 else None


def tokenize(text):
    """Return (kind, value) pairs, or None when something in the text is no token."""
    tokens = []
    for part in re.findall(r"[a-z]+|[0-9.,]+|[^\sa-z0-9.,]|['\"]", text):
        if part in WORDS:
            tokens.append(("whole", float(WORDS.index(part))))
        elif part in MARKS:
            tokens.append((MARKS[part], None))
        elif re.fullmatch(r"[0-9]+", part):
            tokens.append(("whole", float(part)))
        elif re.fullmatch(r"[0-9]+[.,][0-9]+", part):
            tokens.append(("decimal", float(part.replace(",", "."))))
        else:
            return None
    return tokens


def readings(kinds, values):
    """Return the heights in centimeters that the form allows, plausible or not."""
    if kinds == ["whole", "whole"] or kinds[:2] == ["whole", "feet"]:
        return feet_and_inches(kinds, values)
    if kinds in (["whole"], ["decimal"]):
        return [values[0] * size for size in (CM_PER_INCH, 1, 100)]
    if len(kinds) == 2 and len(values) == 1 and kinds[1] in ("inches", "cm", "m"):
        return [values[0] * {"inches": CM_PER_INCH, "cm": 1, "m": 100}[kinds[1]]]
    return []


def feet_and_inches(kinds, values):
    rest = [kind for kind in kinds[2:] if kind != "and"] if kinds[1] == "feet" else ["whole"]
    if kinds[2:] == ["and"] or kinds.count("and") > 1 or "and" in kinds[3:]:
        return []
    if rest and rest not in (["whole"], ["decimal"], ["whole", "inches"], ["decimal", "inches"]):
        return []
    feet, inches = [*values, 0.0][:2]
    return [feet * 30.48 + inches * CM_PER_INCH] if inches <= 12 else []
