"""The exercise that the attacks are made for is data of tests: pytest does not run its tests."""

collect_ignore_glob = ["exercise/*", "*/*.py"]
