"""The work: from submitted/ to records, gradebook and pages.

job        a submission to grade, how to grade it, and what came of it
processes  processes of our own that end when they should
desk       one process's place of work: a warm sandbox, and suites
marking    the life of one submission, from file to attempt
pool       many at once, in processes of their own
cluster    the same on a Dask cluster
work       what there is to do, and what waits for its exercise
summary    what one command did
preview    the same, writing nothing
grade      the main path
"""
