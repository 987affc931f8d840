"""Measurements: commands that print times, and no tests, as a busy machine fails no one."""
