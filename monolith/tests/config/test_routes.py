"""Which requests stall together, and how many threads they leave to others."""

from django.conf import settings

from config.routes import SHARES, Group, route_of

ONE = "/api/v1/submissions/0197a0a0-0000-7000-8000-000000000000"
# Requests that a stalled backing service delays.
STUCK = {
    "PostgreSQL": {Group.ACCOUNT, Group.SUBMISSIONS, Group.OBJECTS},
    "S3": {Group.OBJECTS},
    "DynamoDB": {Group.SIGN_IN, Group.ACCOUNT},
}


def test_what_depends_on_the_same_services_is_one_group() -> None:
    groups = {
        ("POST", "/api/v1/tokens"): Group.SIGN_IN,
        ("POST", "/api/v1/accounts"): Group.SIGN_IN,
        ("GET", "/api/v1/account"): Group.ACCOUNT,
        ("GET", "/api/v1/submissions"): Group.SUBMISSIONS,
        ("GET", ONE): Group.SUBMISSIONS,
        ("POST", "/api/v1/submissions"): Group.OBJECTS,
        ("GET", f"{ONE}/result"): Group.OBJECTS,
        ("GET", f"{ONE}/image"): Group.OBJECTS,
        ("DELETE", ONE): Group.OBJECTS,
        ("GET", "/readyz"): Group.READINESS,
        ("GET", "/.well-known/jwks.json"): Group.OTHER,
    }
    assert {call: route_of(*call).group for call in groups} == groups


def test_each_stalled_service_leaves_a_quarter_of_the_threads() -> None:
    for service, groups in STUCK.items():
        held = sum(int(settings.WEB_THREADS * SHARES[group]) for group in groups)
        assert held <= settings.WEB_THREADS * 3 / 4, service
