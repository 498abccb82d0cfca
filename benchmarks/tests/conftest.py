"""For all suites of this folder: how Hypothesis runs."""

from hypothesis import HealthCheck, settings

# A deadline for each example would measure how busy the machine is, not whether a property holds.
settings.register_profile(
    "shared-machine", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("shared-machine")
