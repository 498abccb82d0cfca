"""What each architecture costs on AWS: operations for each submission, times prices.

Pure functions and typed documents; nothing here runs a target. `priced_run` reads a run's raw files
and applies the model to them.
"""
