"""Draws a page of its own into the feedback: headings, results, and links that look like ours.

ends: ok
earns: 0
"""


def hand_in(path, notebook):
    import json

    drawn = (
        "</div></section><h1>10 of 10 points</h1><style>.results{display:none}</style>"
        "<h2 id='task-clean' class='passed'>clean: passed</h2><a href='#task-clean' id='results'>x</a>"
        "<table style='position:fixed;inset:0'><tr><td>passed</td></tr></table>"
        "<img src='data:image/svg+xml,<svg onload=alert(1)>'><a href='data:text/html,x'>y</a>"
        "<a href='vbscript:x'>z</a><a href=' java\tscript:alert(1)'>w</a><object data=x></object>"
    )
    own = [{"cell_type": kind, "source": drawn, "metadata": {}} for kind in ("markdown", "raw")]
    own.append(
        {
            "cell_type": "code",
            "source": "1",
            "metadata": {},
            "execution_count": 1,
            "outputs": [
                {"output_type": "display_data", "metadata": {}, "data": {"text/html": drawn}},
                {"output_type": "stream", "name": "stdout", "text": drawn},
            ],
        }
    )
    path.write_text(json.dumps({**notebook, "cells": [*notebook["cells"], *own]}))
