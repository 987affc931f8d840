"""Prints what terminals and spreadsheets obey, and markup, in cells and in errors.

ends: ok
earns: 0
"""

# %%
E = "\x1b]0;taken\x07\x1b[2J\x1b]8;;javascript:alert(1)\x07x\x9b31m\x00\x08"
print(E, '=HYPERLINK("http://127.0.0.1:@PORT@")', "<script>window.taken=1</script>")
raise ValueError(E + "<img src=x onerror=window.taken=1>" + "\u202e")


# %% clean
def clean(table):
    raise KeyError(E)


# %% kept
def kept(table, rule):
    raise type(E, (ValueError,), {})("=1+1")
