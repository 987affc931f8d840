"""Prints a hundred megabytes in one line, and as display data.

ends: output
earns: full
"""

# %%
print("x" * 100_000_000)
# %%
from IPython.display import HTML, display

display(HTML("<p>" + "x" * 30_000_000))
"y" * 30_000_000
