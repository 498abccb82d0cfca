"""Targets made of local processes: start, scale, restart and stop them."""
