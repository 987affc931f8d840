"""Writes scripts, handlers, frames and links into Markdown.

ends: ok
earns: full
"""


def hand_in(path, notebook):
    import json

    texts = [
        "<script>window.taken=1</script>",
        "<img src=x onerror=window.taken=1>",
        "[a](javascript:window.taken=1)",
        "<iframe srcdoc='<script>window.taken=1</script>'></iframe>",
        "![x](http://127.0.0.1:@PORT@/beacon.png)",
        "<svg onload=window.taken=1><script>1</script></svg>",
        "<style>*{background:url(http://127.0.0.1:@PORT@/s)}</style>",
        "<base href=//127.0.0.1:@PORT@><form action=javascript:window.taken=1><button>x</button></form>",
        "$\\href{javascript:window.taken=1}{x}$ $\\require{html}$",
        "<a href='data:text/html,<script>window.taken=1</script>'>x</a>",
        "<math><mtext></mtext><mglyph><style><img src=x onerror=window.taken=1></style></mglyph></math>",
        "<details open ontoggle=window.taken=1>x</details>",
        "`<script>window.taken=1</script>`",
        "</pre></div></main><script>window.taken=1</script>",
        "&lt;script&gt;window.taken=1",
    ]
    own = [
        {"cell_type": kind, "metadata": {}, "source": text}
        for text in texts
        for kind in ("markdown", "raw")
    ]
    path.write_text(json.dumps({**notebook, "cells": own + notebook["cells"]}))
