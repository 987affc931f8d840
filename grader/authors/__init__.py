"""The author's certificate: are an exercise's tests any good?

trial        variants of an exercise, each graded as a submission is
mutants      small changes to a reference that good tests notice
degenerate   answers that say nothing
certificate  what is claimed of an exercise, and what speaks against it
"""
