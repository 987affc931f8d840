"""What is known of a file before it is graded: whose, of what, and since when.

filenames   what a name says, and what computers add to it
clock       timestamp.txt: when it was handed in
companions  files that were handed in beside a notebook
known       which exercise a notebook is of, by what is in it
layout      whose, and which assignment's, by where it lies
finding     the exercise of each file of one learner
"""
