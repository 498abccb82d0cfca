"""The floor: the work of the flow in a plain loop, without an architecture around it."""
