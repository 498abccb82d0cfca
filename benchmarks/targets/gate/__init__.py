"""The release gate: compare a version of a unit with the running versions of the others."""
