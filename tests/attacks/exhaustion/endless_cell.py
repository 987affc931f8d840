"""Never ends a cell.

ends: timeout
earns: full
"""

# %%
while True:
    pass
