"""Waits for somebody to type.

ends: ok
earns: full
"""

# %%
import sys

try:
    input("name? ")
except BaseException:
    pass
sys.stdin.read()
