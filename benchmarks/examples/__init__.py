"""Examples that the documentation explains and tests run."""
