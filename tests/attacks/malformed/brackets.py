"""Holds twenty million empty lists.

ends: unreadable
earns: 0
"""


def hand_in(path, notebook):
    path.write_bytes(b'{"nbformat":4,"cells":[' + b"[]," * 6_000_000 + b"[]]}")
