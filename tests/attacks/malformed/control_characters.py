"""Has NUL, escape and form feed characters in its code.

ends: ok
earns: full
"""


def hand_in(path, notebook):
    import json

    own = {
        "cell_type": "code",
        "id": "a",
        "metadata": {},
        "outputs": [],
        "source": "x = 1\x00\n\x1b[2J\x0c def",
    }
    path.write_text(json.dumps({**notebook, "cells": [own, *notebook["cells"]]}))
