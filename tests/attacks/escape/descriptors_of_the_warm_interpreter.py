"""Uses every descriptor that it inherited, and asks through its socket for more.

ends: ok
earns: full
"""

# %%
import os
import socket
import stat

kinds = {}
for descriptor in range(256):
    try:
        kinds[descriptor] = os.fstat(descriptor)
    except OSError:
        pass
sockets = [d for d, told in kinds.items() if stat.S_ISSOCK(told.st_mode)]
others = [d for d, told in kinds.items() if d > 2 and d not in sockets]
if len(sockets) != 1 or others:
    print("WON", sockets, others)
if any(not stat.S_ISCHR(kinds[d].st_mode) for d in range(3)):
    print("WON standard streams")
with socket.socket(fileno=os.dup(sockets[0])) as control:
    try:
        socket.send_fds(control, [b""], [0])
    except OSError:
        pass
    credentials = control.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12)
    if int.from_bytes(credentials[:4], "little") > 0:
        print("WON peer", credentials)
