"""How the schema tells of errors. What makes the answers is the project's exception handler."""

from http import HTTPStatus

from drf_spectacular.utils import OpenApiResponse

_PROBLEM = {"$ref": "#/components/schemas/Problem"}  # which the project's settings describe


def problems(*statuses: int) -> dict[tuple[int, str], OpenApiResponse]:
    """Return the problem answers of these statuses, for `extend_schema`."""
    return {
        (status, "application/problem+json"): OpenApiResponse(
            _PROBLEM, description=HTTPStatus(status).phrase
        )
        for status in statuses
    }
