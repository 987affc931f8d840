"""Has an object where the list of cells belongs.

ends: unreadable
earns: 0
"""


def hand_in(path, notebook):
    import json

    path.write_text(json.dumps({**notebook, "cells": {"0": notebook["cells"]}, "metadata": None}))
