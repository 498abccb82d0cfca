"""Statistics of the experiments: pure functions, no files, no processes, no clock."""
