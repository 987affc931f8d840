"""Writes code that looks other than it runs: characters that turn the direction of text.

ends: ok
earns: full
"""


def hand_in(path, notebook):
    import json

    turned = "access = 'user\u202e \u2066# nothing to see\u2069 \u2066'  # \u202d\u202c"
    own = [
        {"cell_type": "code", "source": f"{turned}\nprint(access)", "outputs": []},
        {"cell_type": "markdown", "source": f"**{turned}** `{turned}`"},
        {"cell_type": "raw", "source": turned},
    ]
    told = {"metadata": {}, "execution_count": None}
    path.write_text(
        json.dumps({**notebook, "cells": [{**c, **told} for c in own] + notebook["cells"]})
    )
