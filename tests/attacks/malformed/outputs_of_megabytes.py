"""Has stored outputs of eighteen megabytes: texts, pictures that are none, tracebacks.

ends: ok
earns: full
"""


def hand_in(path, notebook):
    import json

    own = {
        "cell_type": "code",
        "metadata": {},
        "source": "1",
        "execution_count": 1,
        "outputs": [
            {"output_type": "stream", "name": "stdout", "text": "x" * 6_000_000},
            {
                "output_type": "display_data",
                "metadata": {},
                "data": {"image/png": "A" * 6_000_000, "text/html": "<b>" * 1_000_000},
            },
            {
                "output_type": "error",
                "ename": "E" * 1_000_000,
                "evalue": "v" * 1_000_000,
                "traceback": ["t" * 1000] * 1000,
            },
        ],
    }
    path.write_text(json.dumps({**notebook, "cells": [own, *notebook["cells"]]}))
