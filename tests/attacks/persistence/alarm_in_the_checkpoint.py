"""Sets a timer that kills the checkpoint between tests, again and again.

ends: crashed
earns: any
"""

# Whether this cell or the next one is blamed for an end, and left out, is decided by a millisecond.

# %%
import signal

signal.signal(signal.SIGALRM, signal.SIG_DFL)
signal.signal(signal.SIGALRM, lambda *_: __import__("os")._exit(3))
signal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)
