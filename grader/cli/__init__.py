"""The command `grader`: each verb parses, makes one call and prints.

options      the group, and the options of several verbs
show         what the terminal shows
learners     the verbs of those who solve
authors      the verbs of those who write exercises
watch        grading what arrives
exchange     what learners submit to nbgrader, collected
instructors  the verbs of those who teach
main         the entry
"""
