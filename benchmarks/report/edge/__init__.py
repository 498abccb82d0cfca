"""The report of the edge experiment."""
