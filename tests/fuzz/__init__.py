"""Fuzzing: what comes from learners, broken in every way that a seed gives, read by our readers.

    frames      messages of the wire, mutated and forged
    answers     well-formed messages that answer what was not asked
    notebooks   submitted files, mutated
    guard       a limit on each item that no loop can ignore
    corpus/     items that once found a fault; tests replay them

`python -m tests.fuzz --minutes 10` goes on until the time is over or a fault is found, and writes
the item that found it into corpus/. `tests/test_fuzz.py` does a fixed number of items.
"""
