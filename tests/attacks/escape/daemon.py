"""Starts a process in a session of its own that ignores all signals and outlives the run.

ends: ok
earns: full
"""

# %%
import os
import subprocess
import sys

CODE = """
import signal, time
for number in set(range(1, 32)) - {9, 19}:
    signal.signal(number, signal.SIG_IGN)
end = time.time() + 60
while time.time() < end:
    for path in ("@DROP@/alive", "/tmp/alive", "/dev/shm/alive"):
        try:
            open(path, "w").write(str(time.time()))
        except OSError:
            pass
    time.sleep(0.5)
"""
pid = os.fork()
if pid == 0:
    os.setsid()
    if os.fork() == 0:
        os.execv(sys.executable, [sys.executable, "-c", CODE])
    os._exit(0)
os.waitpid(pid, 0)
subprocess.Popen([sys.executable, "-c", CODE], start_new_session=True)
