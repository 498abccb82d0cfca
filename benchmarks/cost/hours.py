"""The lengths of a month and a day."""

HOURS = 730.0  # of a month: 8760 / 12
DAYS = 365 / 12
DAY_SECONDS = 86_400.0
