"""What a healthy target shows rarely or never, against the fake API."""
