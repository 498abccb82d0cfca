"""The waterfall of a submission's trace."""
