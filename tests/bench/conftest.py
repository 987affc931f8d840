"""An exercise's tests are not tests of this project."""

collect_ignore = ["orders"]
