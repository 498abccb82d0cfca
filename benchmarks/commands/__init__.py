"""The commands of `python -m benchmarks`, one module each; see `benchmarks.command_line`."""
