"""The JSON of submissions: serializers of requests, and the schemas of responses."""

from datetime import datetime
from typing import Any

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from submissions.models import ImageKind, State, Submission

_MEDIA_TYPES = ("image/jpeg", "image/png", "image/webp", "image/gif")
_FAILURE_CODES = (
    "image-unreachable",
    "image-forbidden-address",
    "image-too-large",
    "image-unsupported",
    "image-corrupt",
    "recognizer-unavailable",
    "recognizer-crashed",
    "timed-out",
)
_URL_MAX_CHARACTERS = 2048


def submission_document(submission: Submission) -> dict[str, Any]:
    """Return a submission as the contract defines it, ready for JSON.

    Not a serializer, which takes twice the time: clients poll this.
    """
    return {
        "id": str(submission.id),
        "state": submission.state,
        "image": {
            "kind": submission.image_kind,
            "url": submission.image_url,
            "media_type": submission.image_media_type,
            "bytes": submission.image_bytes,
        },
        "detection_count": submission.detection_count,
        "error": (
            {"code": submission.error_code, "detail": submission.error_detail}
            if submission.error_code
            else None
        ),
        "created_at": _time(submission.created_at),
        "started_at": _time(submission.started_at),
        "completed_at": _time(submission.completed_at),
    }


def _time(moment: datetime | None) -> str | None:
    return moment.isoformat().replace("+00:00", "Z") if moment else None


class StrictSerializer(serializers.Serializer[Any]):
    """Refuses unknown fields, so that a client notices that they have no effect."""

    def to_internal_value(self, data: Any) -> Any:
        """Return the validated data. Raises ValidationError that names each unknown field."""
        if isinstance(data, dict):
            unknown = set(data) - set(self.fields)
            if unknown:
                raise serializers.ValidationError({name: ["Unknown field."] for name in unknown})
        return super().to_internal_value(data)


class TextField(serializers.CharField):
    """A string. Other JSON types are not converted."""

    def to_internal_value(self, data: Any) -> str:
        """Return the string. Raises ValidationError for other types."""
        if not isinstance(data, str):
            self.fail("invalid")
        text: str = super().to_internal_value(data)
        return text


class NewSubmissionByAddress(StrictSerializer):
    """The JSON body of POST /submissions."""

    image_url = TextField(min_length=1, max_length=_URL_MAX_CHARACTERS, trim_whitespace=False)


class NewSubmissionByUpload(StrictSerializer):
    """The multipart body of POST /submissions."""

    image = serializers.FileField(allow_empty_file=False)


@extend_schema_serializer(component_name="SubmittedImage")
class SubmittedImageSchema(serializers.Serializer[Any]):
    """The image as it was submitted; the Result describes the stored image."""

    kind = serializers.ChoiceField(choices=ImageKind.choices)
    url = serializers.CharField(allow_null=True)
    media_type = serializers.ChoiceField(choices=_MEDIA_TYPES, allow_null=True)
    bytes = serializers.IntegerField(allow_null=True, min_value=1)


@extend_schema_serializer(component_name="SubmissionError")
class SubmissionErrorSchema(serializers.Serializer[Any]):
    """Why a submission failed."""

    code = serializers.ChoiceField(choices=_FAILURE_CODES)
    detail = serializers.CharField()


@extend_schema_serializer(component_name="Submission")
class SubmissionSchema(serializers.Serializer[Any]):
    """A submission. What isn't known yet is null."""

    id = serializers.UUIDField()
    state = serializers.ChoiceField(choices=State.choices)
    image = SubmittedImageSchema()
    detection_count = serializers.IntegerField(allow_null=True, min_value=0)
    error = SubmissionErrorSchema(allow_null=True)
    created_at = serializers.DateTimeField()
    started_at = serializers.DateTimeField(allow_null=True)
    completed_at = serializers.DateTimeField(allow_null=True)


@extend_schema_serializer(component_name="SubmissionPage")
class SubmissionPageSchema(serializers.Serializer[Any]):
    """One page of submissions, newest first."""

    items = SubmissionSchema(many=True)
    next_cursor = serializers.CharField(allow_null=True, help_text="null on the last page")


@extend_schema_serializer(component_name="Recognizer")
class RecognizerSchema(serializers.Serializer[Any]):
    """The recognizer that found the faces."""

    name = serializers.CharField()
    version = serializers.CharField()


@extend_schema_serializer(component_name="StoredImage")
class StoredImageSchema(serializers.Serializer[Any]):
    """The stored image: exactly the bytes that getSubmissionImage returns."""

    width = serializers.IntegerField(min_value=1)
    height = serializers.IntegerField(min_value=1)
    media_type = serializers.ChoiceField(choices=_MEDIA_TYPES)
    sha256 = serializers.RegexField("^[0-9a-f]{64}$")


@extend_schema_serializer(component_name="Box")
class BoxSchema(serializers.Serializer[Any]):
    """Fractions of the stored image's width and height, from its top left corner."""

    left = serializers.FloatField(min_value=0, max_value=1)
    top = serializers.FloatField(min_value=0, max_value=1)
    width = serializers.FloatField(min_value=0, max_value=1)
    height = serializers.FloatField(min_value=0, max_value=1)


@extend_schema_serializer(component_name="Detection")
class DetectionSchema(serializers.Serializer[Any]):
    """One located face."""

    label = serializers.ChoiceField(choices=["face"])  # type: ignore[assignment]
    score = serializers.FloatField(min_value=0, max_value=1)
    box = BoxSchema()


@extend_schema_serializer(component_name="Result")
class ResultSchema(serializers.Serializer[Any]):
    """The result document as it is stored."""

    submission_id = serializers.UUIDField()
    recognizer = RecognizerSchema()
    image = StoredImageSchema()
    detections = DetectionSchema(many=True)
    created_at = serializers.DateTimeField()
