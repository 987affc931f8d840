"""Tests, and what they hold in place of the learner's notebook.

Down to `run` no module needs a wall: a learner's own kernel imports these.

task          `@task`: which task a test scores
handle        an object of the learner's: what is forwarded, and what compares
standin       what every stand-in for a notebook answers, and whose an exception is
here          the stand-in in the learner's own kernel
collect       from test files to tests, all of them; pytest's private doors
approx        a number is approximately a number, and no empty array
verdict       how a test ended, whose error it was, and what the learner may read about it
run           one suite, any number of submissions
behind        the stand-in across the wall
notebook_run  cells behind the wall, and a stand-in for each test
"""
