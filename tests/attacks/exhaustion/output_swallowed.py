"""Swallows what stops it when it has printed too much, and goes on.

ends: timeout|output
earns: full
"""

# %%
while True:
    try:
        print("x" * 100_000)
    except BaseException:
        pass
