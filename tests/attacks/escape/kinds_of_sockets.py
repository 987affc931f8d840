"""Opens sockets of every family and type, raw ones and those of virtual machines included.

ends: ok
earns: full
"""

# %%
import socket

for family in range(3, 60):
    if family in (socket.AF_INET6,):
        continue
    for kind in (1, 2, 3, 5):
        try:
            socket.socket(family, kind).close()
            print("WON family", family, kind)
        except OSError:
            pass
for family, kind, protocol in ((2, 3, 1), (2, 3, 255), (10, 3, 58), (2, 2, 1)):
    try:
        socket.socket(family, kind, protocol).close()
        print("WON raw", family, kind, protocol)
    except OSError:
        pass
