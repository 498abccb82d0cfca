"""Error responses in the OpenAPI schema. The project's exception handler makes the responses."""

from http import HTTPStatus

from drf_spectacular.utils import OpenApiResponse

_PROBLEM = {"$ref": "#/components/schemas/Problem"}  # defined in the project's settings


def problems(*statuses: int) -> dict[tuple[int, str], OpenApiResponse]:
    """Return the problem responses of these statuses, for `extend_schema`."""
    return {
        (status, "application/problem+json"): OpenApiResponse(
            _PROBLEM, description=HTTPStatus(status).phrase
        )
        for status in statuses
    }
