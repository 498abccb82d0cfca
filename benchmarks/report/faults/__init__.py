"""The report of the faults experiment, whose measure is availability."""
