"""Splits one function into two thousand cells, each of which is no Python by itself.

ends: ok
earns: full
"""


def hand_in(path, notebook):
    import json

    part = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
    cells = [{**part, "source": "def split():\n    pass"}] + [
        {**part, "source": "    pass  # more"} for _ in range(1_900)
    ]
    path.write_text(json.dumps({**notebook, "cells": notebook["cells"] + cells}))
