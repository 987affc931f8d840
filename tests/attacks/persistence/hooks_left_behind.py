"""Registers hooks for exits, forks, traces, signals, imports and collections, and threads that wait.

ends: ok
earns: full
"""

# %%
import atexit
import gc
import os
import signal
import sys
import threading
import time


def act(*_, **__):
    for path in ("@DROP@/hook", "/tmp/hook"):
        try:
            open(path, "a").write("x")
        except OSError:
            pass


atexit.register(act)
os.register_at_fork(before=act, after_in_child=act, after_in_parent=act)
sys.setprofile(None)
sys.addaudithook(lambda *_: None)
sys.unraisablehook = sys.excepthook = act
gc.callbacks.append(act)
gc.set_threshold(1, 1, 1)
signal.signal(signal.SIGCHLD, lambda *_: act())
for _ in range(3):
    threading.Thread(target=lambda: (time.sleep(30), act())).start()
