"""Raises errors whose names and texts are markup, ANSI sequences that become attributes, and link targets.

ends: ok
earns: 0
"""

# %%
BAD = "</pre><script>window.taken=1</script><img src=x onerror=window.taken=1>"
raise type(BAD, (Exception,), {})(BAD)
# %%
raise ValueError(
    '\x1b[31m<b onmouseover=window.taken=1>\x1b[0m\x1b[38;2;1;1;1"onclick=window.taken=1"m \x1b]8;;javascript:window.taken=1\x07x'
)


# %% clean
def clean(table):
    raise type(BAD, (Exception,), {})(BAD)


# %% label_counts
def label_counts(table):
    return {BAD: 1}


# %% kept
def kept(table, rule):
    return BAD
