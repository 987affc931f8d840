"""Nests its metadata a hundred thousand levels deep.

ends: unreadable
earns: 0
"""


def hand_in(path, notebook):
    path.write_bytes(
        b'{"nbformat":4,"cells":[],"metadata":' + b'{"a":' * 100_000 + b"1" + b"}" * 100_001
    )
