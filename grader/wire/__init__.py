"""Values and exceptions as inert data, and messages of them; both sides of the wall speak it.

Only the standard library is imported at top level; the layer test keeps it so.

forms      what writer and reader agree on: sizes, depths, lengths, patterns
kinds      classes whose instances have a plain value, those of subclasses too
scalars    numbers, moments, spans and names, both ways
spans      pandas' intervals and periods, both ways
encode     values to inert forms
decode     inert forms back to values, believing none of them
message    messages over a socket, in both directions
raised     exceptions across the wall, in both directions
location   where the learner's own code was when it raised
questions  a test's questions, answered beside the learner's objects
"""
