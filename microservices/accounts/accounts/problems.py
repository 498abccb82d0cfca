"""How the schema tells of errors. What makes the answers is the project's exception handler."""

from http import HTTPStatus
from typing import Any

from drf_spectacular.utils import OpenApiResponse, extend_schema_serializer
from rest_framework import serializers


@extend_schema_serializer(component_name="Problem")
class ProblemSchema(serializers.Serializer[Any]):
    """RFC 9457 problem details. `errors` comes with every 422."""

    type = serializers.RegexField("^/problems/[a-z0-9-]+$")
    title = serializers.CharField()
    status = serializers.IntegerField(min_value=400, max_value=599)
    detail = serializers.CharField()
    code = serializers.RegexField("^[a-z0-9-]+$")
    errors = serializers.DictField(  # type: ignore[assignment]
        child=serializers.ListField(child=serializers.CharField(), min_length=1), required=False
    )


def problems(*statuses: int) -> dict[tuple[int, str], OpenApiResponse]:
    """Returns the problem answers of these statuses, for `extend_schema`."""
    return {
        (status, "application/problem+json"): OpenApiResponse(
            ProblemSchema, description=HTTPStatus(status).phrase
        )
        for status in statuses
    }
