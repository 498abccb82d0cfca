"""The price in code of each architecture, counted from the sources themselves."""
