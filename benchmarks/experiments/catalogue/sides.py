"""The two architectures and the units that each is released in."""

MONOLITH, SERVICES = "monolith", "microservices"
UNITS = {
    MONOLITH: ("monolith",),
    SERVICES: ("accounts", "submissions", "recognition", "edge"),
}
