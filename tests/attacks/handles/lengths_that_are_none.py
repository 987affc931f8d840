"""Has lengths that are negative, huge, texts and infinite.

ends: ok
earns: 0
"""

# %%
from grader.sandbox.inside import answers

lengths = iter([-1, 2**70, "2", float("inf"), None, [2]])
answers.Answers.do_length = lambda self, thing: {"value": next(lengths)}


# %% tally
class Tally:
    add = lambda self, thing: None
    __len__ = lambda self: 2
    __iter__ = lambda self: iter(["b"])
    most = 2
