"""What a priced run shows: the figure, the page, the table in the terminal."""
