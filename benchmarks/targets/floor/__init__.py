"""The floor: the work of one submission in a plain loop, without an architecture around it."""
