"""Holds code that is nested, long or odd enough to break a parser.

ends: ok
earns: full
"""


def hand_in(path, notebook):
    import json

    part = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
    feared = [
        "(" * 20_000,
        "x = " + "[" * 150 + "]" * 150,
        "if 1:\n" + " if 1:\n" * 90 + "  1",
        "f'{" * 100,
        "a" * 100_000 + " " * 50_000,
        "\n".join(f"x{n} = {n}" for n in range(8_000)),
        "1" * 5_000,
    ]
    path.write_text(
        json.dumps(
            {**notebook, "cells": notebook["cells"] + [{**part, "source": text} for text in feared]}
        )
    )
