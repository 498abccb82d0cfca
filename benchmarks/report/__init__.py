"""The HTML report and the terminal summary of a results document.

This package neither measures nor computes statistics; `results.schema.json` describes its input.
"""
