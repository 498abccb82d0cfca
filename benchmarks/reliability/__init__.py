"""The rows of the reliability tables, their measured figures, and the full run."""
