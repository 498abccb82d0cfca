"""Measures the two architectures: load, experiments, statistics, report."""
