"""Running code that nobody trusts: cells, and questions to what they left.

How it works. A `Sandbox` starts a warm interpreter in bubblewrap with a read-only view of Python,
its packages and the named data sets, no network and no way to gain privileges. `open` gives a
`Run`: one submission behind a second wall of namespaces of its own (see `inside`), reached by a
socket of its own. Where the kernel refuses nested user namespaces, each submission gets a
bubblewrap of its own instead ("cold": slower, the same wall), and the interpreter becomes it.

Trusted: this process, bwrap, and the warm interpreter, which never runs learner code. Not trusted:
all that arrives on a run's sockets. Time and memory are judged out here; whoever passes a limit, or
sends what is no message, is killed, and `RunEnded` says why.

It needs no exercise:

    from grader.sandbox.limits import Limits
    from grader.sandbox.sandbox import Sandbox

    with Sandbox() as sandbox:
        run = sandbox.open(Limits(memory_mb=512))
        for report in run.run_cells([(0, "squares = [n * n for n in range(4)]")]):
            print(report)  # {"start": 0}, then {"cell": 0, "status": "ok", …}
        test = run.open_test(seconds=2)
        test.send({"id": 1, "do": "get", "with": ["squares"]})
        print(test.receive())  # {"id": 1, "value": [0, 1, 4, 9]}
        run.end_test(test)
        run.close()

limits      what a run may use, how it can end, and which walls there are
inside      what runs behind the wall
view        what of this machine is seen inside
bubblewrap  how the inside is made: the arguments of bubblewrap
seccomp     the system calls that what runs inside may make
sockets     what a submission's sockets hold, from outside of it
processes   what the system tells of processes, from outside of them
channel     one socket to the inside, with a deadline for each answer
run         one submission: its cells, and a fork of their end state for each test
warm        the warm interpreter: started, waited for, asked, ended
sandbox     the wall around it, which opens runs
"""
