"""Normalize email addresses, so that one mailbox can't hold several accounts."""

import unicodedata

import idna
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator

_MAX_CHARACTERS = 254  # RFC 5321: a path has at most 256, its angle brackets included

_check = EmailValidator()


def email_normalize(raw: str) -> str:
    """Return the normalized address: NFC, lower case, the domain in its ASCII form (UTS 46).

    The local part is lowered too: mailboxes that differ only in case don't occur in practice.
    Raises Django's ValidationError for any other text.
    """
    text = unicodedata.normalize("NFC", raw.strip())
    local, at, domain = text.rpartition("@")
    if not at or not local.isascii():
        raise ValidationError("Enter a valid email address.")
    try:
        ascii_domain = idna.encode(domain, uts46=True).decode("ascii")
    except idna.IDNAError as error:
        raise ValidationError("Enter a valid email address.") from error
    email = f"{local.lower()}@{ascii_domain.lower()}"
    _check(email)
    if len(email) > _MAX_CHARACTERS:
        raise ValidationError("Enter a valid email address.")
    return email
