"""What people read: HTML that can do nothing.

inert       learners' text and pictures made harmless
render      our templates, in which every value is escaped
feedback    the page that a learner reads
formgrader  the notebook that nbgrader's formgrader shows
index       the class, with links to the pages
keep        all of them written, and kept as things are now
"""
