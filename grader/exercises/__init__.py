"""What an author writes: an exercise's folder of text files.

support   what tests use besides their own two files
cells     what the code of a cell defines, without running it
folder    exercise.toml, read and checked; exercises found and chosen
source    notebook.py: cells, stubs, reference solutions
notebook  the learner's notebook, and solved ones
variants  the files of wrong/ and right/
leaks     what a release would give away
release   what learners receive, and nothing else
"""
