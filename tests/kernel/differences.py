"""The differences that are allowed, each with its reason.

They come of what a wall is there for, and no others do. Instructors read the reasons in
course/instructors/what-learners-see.md, in these words.
"""

from __future__ import annotations

MOST = 15
KINDS = ("network", "files", "processes", "time", "memory")
# A notebook, what kind of thing makes the difference, and what to say of it.
ALLOWED = {
    "unseeded_draws": (
        "time",
        "What is drawn without a seed is the same each time, for the same points.",
    ),
    "exit_and_quit": (
        "processes",
        "`exit()` ends nothing: the cells after it run.",
    ),
    "joblib_says_so": (
        "processes",
        "`n_jobs` is one process, and so `verbose` says nothing of several.",
    ),
    "what_programs_print": (
        "processes",
        "What a program prints past the notebook (`os.system`, `subprocess.run` without its "
        "`capture_output`) is not kept. `!` and `%%bash` keep it.",
    ),
    "what_other_processes_print": (
        "processes",
        "What a process of `multiprocessing` prints is not kept.",
    ),
    "of_the_system": (
        "files",
        "Nothing of the system is found in `/etc` and `/proc`.",
    ),
    "memory_of_the_process": (
        "memory",
        "`psutil` finds neither processes nor memory.",
    ),
    "flood_in_an_answer": (
        "memory",
        "An answer that prints more than the exercise allows is stopped, and its test says so. A "
        "cell runs on, and the rest of what it prints is dropped.",
    ),
}
