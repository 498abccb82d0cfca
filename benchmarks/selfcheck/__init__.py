"""Holds the harness against truths that are planted: what it says must be what was done.

`series` measures one architecture against itself and against itself slowed down; `repairing` draws
comparisons out of that; `plants` hurts single trials; `check` runs all and says what was found.
"""
