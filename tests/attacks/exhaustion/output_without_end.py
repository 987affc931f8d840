"""Prints for ever.

ends: output
earns: full
"""

# %%
while True:
    print("x" * 1000)
