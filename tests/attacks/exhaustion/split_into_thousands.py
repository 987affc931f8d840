"""Splits one function into thousands of cells, which aligning puts together one by one, parsing all of it each time.

ends: ok
earns: full
"""

import json


def hand_in(path, notebook):
    def cell(source):
        return {
            "cell_type": "code",
            "metadata": {},
            "outputs": [],
            "execution_count": None,
            "source": source,
        }

    part = cell("#\n a,a,a\n a,a,a,a")
    notebook["cells"] += [cell("def slow(a):\n pass"), *[part] * 1900]
    for each in notebook["cells"]:
        each.pop("id", None)
    notebook["nbformat_minor"] = 4
    path.write_text(json.dumps(notebook))
