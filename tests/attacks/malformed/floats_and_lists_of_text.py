"""Has numbers, nothing and lists of numbers as source, ids and kinds of its cells.

ends: ok
earns: full
"""


def hand_in(path, notebook):
    import json

    odd = [
        {"cell_type": kind, "source": source, "id": id, "metadata": metadata, "outputs": outputs}
        for kind, source, id, metadata, outputs in (
            ("code", ["x = 1\n", 2], 1.5, {}, []),
            ("code", [["x"]], [], {"nbgrader": []}, {}),
            (None, "x = 1", None, [], None),
            (["code"], "1", {"a": 1}, {"nbgrader": {"grade_id": 3}}, [None, 1, [[]]]),
            ("code", "1", "x" * 100_000, {"nbgrader": {"points": 1e308}}, [{"data": 3}]),
            ("markdown", "1", "", None, [{"output_type": ["stream"], "text": {"a": 1}}]),
            (True, True, True, True, True),
        )
    ]
    notebook |= {"nbformat_minor": [5], "metadata": [notebook["metadata"]], "signature": 1e400}
    path.write_text(json.dumps({**notebook, "cells": [*odd, *notebook["cells"]]}))
