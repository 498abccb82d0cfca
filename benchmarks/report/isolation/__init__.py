"""The report of the isolation experiment, which has no trials: a page of its own."""
