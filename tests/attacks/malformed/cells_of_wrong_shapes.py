"""Has cells that are numbers, null, lists, without source, with an object as source.

ends: ok
earns: full
"""


def hand_in(path, notebook):
    import json

    odd = [
        None,
        7,
        [],
        {},
        {"cell_type": "code"},
        {"cell_type": "code", "source": {"a": 1}},
        {"cell_type": "odd", "source": "x"},
        {"cell_type": "code", "source": ["a", 1], "metadata": [], "outputs": 3, "id": {"a": 1}},
        {
            "cell_type": "code",
            "source": "1",
            "metadata": {"nbgrader": 3, "grader": []},
            "outputs": [None, {"output_type": []}],
        },
    ]
    path.write_text(json.dumps({**notebook, "cells": odd + notebook["cells"]}))
