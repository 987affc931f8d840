"""What is kept: records, and nbgrader's tables as their projection.

records     every grading that was ever done, append-only
marks       attempts as they count, with what people gave by hand
guard       marks that only grading writes: what others try is refused
tables      nbgrader's tables: created, upgraded, written
projection  attempts in these tables
autograde   nbgrader's own, refused before it changes anything
"""
