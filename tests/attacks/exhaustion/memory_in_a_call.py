"""Takes memory in many processes while a test waits.

ends: memory|timeout
earns: 7
"""


# %% label_counts
def label_counts(table):
    import os
    import time

    for _ in range(9):
        if os.fork() == 0:
            block = bytearray(os.urandom(1)) * (80 * 2**20)
            time.sleep(30)
    time.sleep(30)
