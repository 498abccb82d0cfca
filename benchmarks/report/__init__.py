"""The HTML report and the terminal summary of a results document.

This package neither measures nor computes statistics; `results_model` has the types of its input.
"""
