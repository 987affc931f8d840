"""Says that it has format 99.

ends: unreadable
earns: 0
"""


def hand_in(path, notebook):
    import json

    path.write_text(json.dumps({**notebook, "nbformat": 99, "nbformat_minor": "x"}))
