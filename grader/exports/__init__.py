"""What other systems read.

csv  marks with nbgrader's columns, or a row for each task
"""
