"""The profile of requests: its names, figure, page and table in the terminal."""
