"""Replaces what the checkpoint needs for forking, ending and receiving.

ends: crashed
earns: 0
"""

# %%
import os
import socket


def broken(*_, **__):
    raise OSError("broken")


os.fork = os.waitpid = os._exit = os.kill = broken
socket.recv_fds = broken
