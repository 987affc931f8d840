"""What runs inside the wall: a warm interpreter, a fork per submission, a fork per test.

How it works. `grader.sandbox` starts `interpreter.main` in bubblewrap, with one end of a socket
pair:

    warm interpreter            imports once, never runs learner code; opens and ends submissions
      └─ checkpoint             pid 1 of namespaces of its own: runs the notebook; has a socket
           └─ test fork         starts from the state after the notebook; a socket of its own

Where the kernel refuses namespaces within bubblewrap's ("cold"), the interpreter opens one
submission and becomes its checkpoint; bwrap's own process is pid 1.

From the checkpoint on everything may be hostile: learner code can patch any function of this
package. So nothing here decides anything. It answers requests, and what it answers is read as
inert data by a process that it cannot reach. Ending a submission kills pid 1 of its namespace,
which makes the kernel kill whatever the learner started.

Only the standard library is imported at top level; the layer test keeps it so.

marks        what both sides of the wall agree on: requests, steps, places and numbers
output       what code prints, kept up to a limit
answers      the questions of one test
walls        what is around one submission: namespaces, mounts, limits, no privileges
loop         an event loop that is running while a cell is
kernel       the shell that runs cells: that of Jupyter's kernel, without a front end
checkpoint   the notebook's cells, and a fork of their end state for each test
interpreter  imports what notebooks import; opens and ends submissions
"""
