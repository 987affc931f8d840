"""Leaves threads, alarms, handlers and processes for the next test, which harm nobody but itself.

ends: ok
earns: full
"""

# %%
import os
import signal
import threading

asked = []


def busy():
    while True:
        pass


def ring(*_):
    if len(asked) > 1:
        raise TimeoutError("an alarm of an earlier test")


# %% clean
def clean(table):
    asked.append(table)
    threading.Thread(target=busy, daemon=True).start()
    signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, 0.01, 0.01)
    if os.fork() == 0:
        busy()
    cleaned = table[["text", "label"]].copy()
    cleaned["text"] = cleaned["text"].fillna("").str.strip()
    cleaned["label"] = cleaned["label"].str.strip().str.lower()
    return cleaned[cleaned["text"] != ""].reset_index(drop=True)
