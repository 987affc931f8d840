"""Has bytes in its text that are no UTF-8.

ends: unreadable
earns: 0
"""


def hand_in(path, notebook):
    import json

    path.write_bytes(json.dumps(notebook).encode().replace(b"Labels", b"\xff\xfe\x80"))
