"""Has halves of surrogate pairs in its source, metadata and ids.

ends: ok
earns: full
"""


def hand_in(path, notebook):
    import json

    notebook["metadata"]["title"] = "\udc80"
    own = {
        "cell_type": "code",
        "id": "\ud800",
        "metadata": {"a": "\udfff"},
        "outputs": [],
        "source": "x = '\ud800'\nprint(x)",
    }
    path.write_text(json.dumps({**notebook, "cells": [own, *notebook["cells"]]}))
