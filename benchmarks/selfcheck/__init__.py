"""The self-check of the harness: known faults and differences that it must find.

`fault_injection` runs single trials with a fault. `series` and `suite_series` measure one
architecture against itself and against itself with a planted effect; `long_series` runs the former
and goes on with those that were stopped. `resampling` draws comparisons of one claim from them;
`pages` and `suite_pages` draw whole quick runs, which the experiments' own summaries judge. `check`
runs all of them, and `outcome` reports what was found. `code_overrides` holds the modules that
change a process's code.
"""
