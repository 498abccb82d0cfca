"""Statistics of the experiments: pure functions without files, processes or clocks."""
