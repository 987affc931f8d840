"""What learners hand in.

untrusted   a path through JSON that nobody vouches for
pictures    PNG and JPEG in texts and outputs
dialects    code cells as other places write them
upload      from bytes to cells, trusting nothing
companions  files that were handed in beside a notebook
inbox       submitted/: one file for each learner's exercise
pieces      what aligning works on: cells, places, finds
repairs     what had to be repaired, in sentences
matching    which cell is which
align       the release notebook with the learner's answers
"""
