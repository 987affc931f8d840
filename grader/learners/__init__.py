"""Start, check and hint for those who solve.

places   where an exercise's visible tests and hints are
shown    what they found, in a terminal and in a notebook
answers  the cell of a task, as it was run or saved
check    `check` and `hint` in the learner's own kernel
start    an exercise as a notebook, opened in JupyterLab
whole    `grader check`: a notebook from its first cell to its last
"""
