"""The report of the isolation experiment, which has no trials."""
