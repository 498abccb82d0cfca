"""States that a real target shows rarely or never, with the fake API."""
