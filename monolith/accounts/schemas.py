"""The JSON of accounts and tokens: serializers of requests, and the schemas of responses."""

from datetime import UTC
from typing import Any

from django.core.exceptions import ValidationError as DjangoValidationError
from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from accounts.emails import email_normalize
from accounts.passwords import MAX_CHARACTERS, MIN_CHARACTERS, password_check


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
        return super().to_internal_value(data)


class NewAccount(StrictSerializer):
    """The body of POST /accounts."""

    email = TextField(max_length=254)
    password = TextField(
        min_length=MIN_CHARACTERS, max_length=MAX_CHARACTERS, trim_whitespace=False
    )

    def validate_email(self, value: str) -> str:
        """Return the normalized email."""
        return email_normalize(value)

    def validate(self, attrs: dict[str, str]) -> dict[str, str]:
        """Check the password against the rules, of which one needs the email."""
        try:
            password_check(attrs["password"], email=attrs["email"])
        except DjangoValidationError as error:
            raise serializers.ValidationError({"password": error.messages}) from error
        return attrs


class NewToken(StrictSerializer):
    """The body of POST /tokens."""

    email = TextField(max_length=254)
    password = TextField(max_length=MAX_CHARACTERS, trim_whitespace=False)

    def validate_email(self, value: str) -> str:
        """Return the normalized email; invalid text is returned unchanged and is unknown."""
        try:
            return email_normalize(value)
        except DjangoValidationError:
            return value


@extend_schema_serializer(component_name="Account")
class AccountSchema(serializers.Serializer[Any]):
    """The caller's account."""

    id = serializers.UUIDField()
    email = serializers.EmailField()
    created_at = serializers.DateTimeField(default_timezone=UTC)
    submission_count = serializers.IntegerField(
        allow_null=True, min_value=0, help_text="null when it is not available right now"
    )


@extend_schema_serializer(component_name="Token")
class TokenSchema(serializers.Serializer[Any]):
    """An access token. `expires_in` is in seconds."""

    access_token = serializers.CharField()
    token_type = serializers.ChoiceField(choices=["Bearer"])
    expires_in = serializers.IntegerField(min_value=1)


@extend_schema_serializer(component_name="KeySet")
class KeySetSchema(serializers.Serializer[Any]):
    """A JWK set (RFC 7517), public halves only."""

    keys = serializers.ListField(child=serializers.DictField(), min_length=1)
