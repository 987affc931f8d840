"""What an attempt consists of, and what it is worth: pure data and arithmetic.

attempt  outcomes, tasks, attempts; to JSON and back
points   planned tests and reports: the points of tasks
figures  a class in numbers
"""
