"""The base of all types of the results document, and the kinds of values that they share."""

from typing import Annotated, TypeVar, dataclass_transform

import msgspec
from msgspec import Meta, Struct

Count = Annotated[int, Meta(ge=0)]
Number = Annotated[int, Meta(ge=1)]  # counted from 1
Amount = Annotated[float, Meta(ge=0)]
Pair = Annotated[list[float], Meta(min_length=2, max_length=2)]
Architecture = Annotated[str, Meta(pattern="^(monolith|microservices)$")]
Feature = Annotated[str, Meta(pattern="^(sign-in|submit|read|page)$")]
FailureMode = Annotated[str, Meta(pattern="^(kill|stall)$")]
GateName = Annotated[str, Meta(pattern="^(types|suite|structure|pacts)$")]

S = TypeVar("S", bound=Struct)


@dataclass_transform(frozen_default=True, kw_only_default=True)
class Model(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An object of the document. It is never changed, and has no field beside those declared."""


def about(description: str) -> Meta:
    """Return the metadata of a field: its meaning, for the JSON Schema and the reference page."""
    return Meta(description=description)


def of(kind: type[S], figures: object) -> S:
    """Return an object of the document with the attributes of another one, such as a dataclass.

    Raises msgspec.ValidationError for a missing attribute or a value of another type.
    """
    return msgspec.convert(figures, kind, from_attributes=True)
