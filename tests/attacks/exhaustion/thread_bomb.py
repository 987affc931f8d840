"""Starts threads without end.

ends: ok
earns: full
"""

# %%
import threading
import time

threads = []
try:
    for _ in range(500):
        threads.append(threading.Thread(target=time.sleep, args=(1,), daemon=True))
        threads[-1].start()
    print("WON")
except RuntimeError:
    threads.pop()
for thread in threads:
    thread.join()
