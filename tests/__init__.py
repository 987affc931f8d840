"""The tests, and what belongs to no learner, author or instructor.

What pytest runs:

    test_*.py   one promise or one part of the grader each
    browser/    what only a browser can say: pages that are inert, accessible, and look right
    attacks/    what hostile learners hand in, one file each; test_attacks.py hands it in

What tests are made with:

    conftest    fixtures for all: the warm sandbox, the checkout
    builders    exercises, courses and attempts
    commands    the environment's commands, run as people run them
    jupyter     JupyterLab, started as people start it

What is run by hand:

    bench/      python -m tests.bench: seconds and memory beside nbgrader and the floor
    fuzz/       python -m tests.fuzz: damaged messages and notebooks, for minutes
    tools/      python -m tests.tools.…: the demo, the capstone's scores, the steady folder
"""
