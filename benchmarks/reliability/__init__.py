"""The rows of the reliability tables, the figures that are measured for them, and the full run."""
