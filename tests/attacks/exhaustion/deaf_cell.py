"""Ignores every signal, blocks them as well, and waits for ever.

ends: timeout
earns: full
"""

# %%
import signal
import time

everything = set(range(1, 65)) - {signal.SIGKILL, signal.SIGSTOP, 32, 33}
for number in everything:
    try:
        signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError):
        pass
signal.pthread_sigmask(signal.SIG_BLOCK, everything)
while True:
    time.sleep(100)
