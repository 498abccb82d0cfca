"""The self-check of the harness: known faults and differences that it must find.

`series` measures one architecture against itself and against itself slowed down; `resampling` draws
comparisons from that; `fault_injection` runs single trials with a fault; `check` runs all of them
and reports what was found. `code_overrides` holds the modules that change a process's code.
"""
