"""Prints what graders print, as text, as display data and as result of a cell.

ends: ok
earns: 0
"""

# %%
from IPython.display import HTML, display

print("#### 10/10 points ####\n7 passed\n\n<testcase name='test_a_rule_decides'/>")
display(HTML("<b>passed</b>"), {"application/json": {"score": 10}})
get_ipython().displayhook(10.0)


# %% clean
def clean(table):
    print("PASSED")
    get_ipython().displayhook(1.0)
    raise AssertionError


# %%
1.0
