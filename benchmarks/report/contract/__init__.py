"""The report of the contract experiment: which gates stop a change, and how soon."""
