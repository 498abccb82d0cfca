"""Pages and page sections that are made from the repository's own data: results, contract, code."""
