"""Is a notebook of format 3, with sheets.

ends: ok
earns: 0
"""


def hand_in(path, notebook):
    import json

    cells = [
        {"cell_type": "code", "input": "x = 1", "language": "python", "outputs": [], "metadata": {}}
    ]
    path.write_text(
        json.dumps(
            {"nbformat": 3, "metadata": {}, "worksheets": [{"cells": cells}, 3, {"cells": 1}]}
        )
    )
