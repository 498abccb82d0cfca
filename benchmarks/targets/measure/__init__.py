"""Measurements of a running target: counters, process samples, rows and objects."""
