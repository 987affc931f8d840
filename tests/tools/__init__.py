"""Programs that are no tests. `make` calls two of them; tests use parts of all but the demo.

demo            make demo, or python -m tests.tools.demo: the whole product once
sample_class    no command: makes the class that the demo grades and test_sample_class.py judges
cluster         no command: a Dask cluster on this machine
capstone        python -m tests.tools.capstone: prints the scores for its page
steady          make steady, or python -m tests.tools.steady: the same points 60 times
forks           make forks, or python -m tests.tools.forks: shared forks judge as forks of one's own
"""
