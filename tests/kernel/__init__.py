"""What people do in notebooks, in a real kernel and behind the wall: the same comes of it.

`corpus/` holds the notebooks: `=== name` begins one, `---` a cell. `make kernel` runs each in a
Jupyter kernel of its own and writes what came of it into `answers-3.x.json`, runs each behind the
wall, warm and cold, and compares: the errors of cells by their classes, what cells printed, the
names that are defined and their plain values, and a call of `answer` where there is one.
`tests/test_kernel.py` compares the warm wall with the answers kept.

notebooks    reads the corpus
probe        runs in both: names, their values, a call of `answer` where there is one
normal       what of a text is the same each time: the rules
real         a notebook in Jupyter's kernel
walled       a notebook behind the wall
differences  the differences that are allowed, each with its reason
matrix       all of them beside each other
"""
