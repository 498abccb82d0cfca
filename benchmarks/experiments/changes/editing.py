"""A change as data: which text of which file becomes which other, on either side."""

from collections.abc import Mapping
from dataclasses import dataclass


class EditError(Exception):
    """A change that no longer fits the code; the text says where."""


@dataclass(frozen=True, slots=True)
class Edit:
    """In one file, named from the repository's root, a text that is there once becomes another.

    Without an `old` text the file is a new one.
    """

    file: str
    old: str
    new: str

    def apply(self, text: str) -> str:
        """Returns the file's text with the change in it. EditError where it doesn't fit."""
        if not self.old:
            return self.new
        found = text.count(self.old)
        if found != 1:
            message = f"{self.file} has {self.old!r} {found} times, and the change needs it once."
            raise EditError(message)
        return text.replace(self.old, self.new)


@dataclass(frozen=True, slots=True)
class Change:
    """What somebody does to the product, on both sides; `edits` and `units` go by architecture.

    `units` are those that have to be released for it, in that order.
    """

    name: str
    says: str
    edits: Mapping[str, tuple[Edit, ...]]
    units: Mapping[str, tuple[str, ...]]
