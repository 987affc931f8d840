"""Holds lines of very many tokens, for tokenizers and parsers that copy the line for each.

ends: ok
earns: any
"""

# Python 3.12.1 does: in its process there is no memory left for the answers, in a kernel either.


def hand_in(path, notebook):
    import json

    part = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
    feared = [
        "-" * 40_000 + "1",
        "lambda: " * 5_000 + "1",
        "class A" + "(A)" * 5_000 + ": pass",
    ]
    path.write_text(
        json.dumps(
            {**notebook, "cells": notebook["cells"] + [{**part, "source": text} for text in feared]}
        )
    )
