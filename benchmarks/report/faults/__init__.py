"""The report of the faults experiment: a page of its own, for its measure is availability."""
