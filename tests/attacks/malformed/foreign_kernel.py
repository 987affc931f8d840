"""Asks for a kernel by a path, and for another language.

ends: ok
earns: full
"""


def hand_in(path, notebook):
    import json

    notebook["metadata"]["kernelspec"] = {
        "name": "../../../../tmp/evil",
        "display_name": "x",
        "language": "bash",
    }
    notebook["metadata"]["language_info"] = {"name": "bash", "pygments_lexer": "../../x"}
    path.write_text(json.dumps(notebook))
