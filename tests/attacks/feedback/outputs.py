"""Stores active outputs of every kind with its cells.

ends: ok
earns: full
"""


def hand_in(path, notebook):
    import json

    bad = "<script>window.taken=1</script><img src=x onerror=window.taken=1><link rel=stylesheet href=http://127.0.0.1:@PORT@/x.css><meta http-equiv=refresh content='0;url=http://127.0.0.1:@PORT@/'>"
    kinds = [
        "text/html",
        "image/svg+xml",
        "application/javascript",
        "text/markdown",
        "text/latex",
        "application/json",
        "application/vnd.jupyter.widget-view+json",
        "text/plain",
        "image/gif",
    ]
    outputs = [
        {"output_type": "display_data", "metadata": {}, "data": {kind: bad}} for kind in kinds
    ]
    outputs += [
        {
            "output_type": "display_data",
            "data": {"image/png": 'AAAA" onerror="window.taken=1'},
            "metadata": {"image/png": {"width": '1" onerror="window.taken=1'}},
        },
        {
            "output_type": "error",
            "ename": bad,
            "evalue": bad,
            "traceback": [bad, "\x1b[31m" + bad + "\x1b[0m"],
        },
        {"output_type": "stream", "name": 'stdout" onclick=1', "text": bad},
    ]
    own = {
        "cell_type": "code",
        "metadata": {},
        "source": "1",
        "execution_count": 1,
        "outputs": outputs,
    }
    path.write_text(json.dumps({**notebook, "cells": [own, *notebook["cells"]]}))
