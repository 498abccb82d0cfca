"""How a plan is shown: in the terminal, and as a figure."""
