"""Release one unit of a running target: artifact, migrations, new beside old, switch, drain."""
