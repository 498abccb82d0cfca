"""The report of the contract experiment: what stops a change, and how soon."""
