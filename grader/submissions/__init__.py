"""What learners hand in.

untrusted  a path through JSON that nobody vouches for
pictures   PNG and JPEG in texts and outputs
dialects   code cells as other places write them
upload     from bytes to cells, trusting nothing
pieces     what aligning works on: cells, places, finds
repairs    what had to be repaired, in sentences
matching   which cell is which
align      the release notebook with the learner's answers
intake     whose a file is, of which exercise, since when, and what lies beside it
inbox      submitted/: one file for each learner's exercise
"""
