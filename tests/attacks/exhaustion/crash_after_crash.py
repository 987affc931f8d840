"""Crashes the checkpoint in every test, so that the notebook would run again and again.

ends: crashed
earns: 0
"""

# %%
import signal
import time
import os

CHECKPOINT = os.getpid()
signal.signal(signal.SIGUSR1, lambda *_: os._exit(1))
time.sleep(2)


# %% clean
def clean(table):
    os.kill(CHECKPOINT, signal.SIGUSR1)
    time.sleep(10)


# %% label_counts
label_counts = clean
# %% tally
Tally = clean
# %% kept
kept = clean
