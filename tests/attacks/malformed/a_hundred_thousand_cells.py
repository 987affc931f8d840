"""Has a hundred thousand cells.

ends: unreadable
earns: 0
"""


def hand_in(path, notebook):
    import json

    path.write_text(
        json.dumps(
            {
                **notebook,
                "cells": [{"cell_type": "markdown", "metadata": {}, "source": "."}] * 100_000,
            }
        )
    )
