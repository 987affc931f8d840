"""Stops and kills its parent, its group, its session and every process number.

ends: ok|timeout
earns: full
"""

# %%
import os
import signal

for number in (
    signal.SIGSTOP,
    signal.SIGKILL,
    signal.SIGTERM,
    signal.SIGUSR1,
    signal.SIGTTIN,
    signal.SIGALRM,
):
    for name in ("SIGTERM", "SIGUSR1", "SIGTTIN", "SIGALRM"):
        signal.signal(getattr(signal, name), signal.SIG_IGN)
    for pid in (0, -1, os.getppid(), -os.getpgid(0), *range(2, 400)):
        try:
            if pid == os.getpid():
                continue
            if pid:
                os.kill(pid, number)
            else:
                os.killpg(0, number)
        except OSError:
            pass
    try:
        os.kill(0, number)
    except OSError:
        pass
