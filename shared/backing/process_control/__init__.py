"""Processes that end with their starter, and commands that are run with a limit and ended together.

Standard library only, and it imports nothing of this repository: the commands behind make use it
in a bare Python, before any environment is made.
"""
