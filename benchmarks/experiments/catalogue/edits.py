"""One file's section of a patch, in git's unified format, and how it changes that file's text."""

import re
from dataclasses import dataclass

NO_BLOB = "0" * 40
_SECTION = re.compile(r"^(?=diff --git )", re.MULTILINE)
_HUNK = re.compile(r"^@@ -(\d+)(?:,\d+)? \+\d+(?:,\d+)? @@.*\n", re.MULTILINE)
_HEADER = re.compile(
    r"diff --git a/(?P<file>\S+) b/(?P=file)\n"
    r"(?P<new>new file mode 100644\n)?"
    r"index (?P<blob>[0-9a-f]{40})\.\.[0-9a-f]{40}(?: 100644)?\n"
    r"--- (?:a/(?P=file)|/dev/null)\n"
    r"\+\+\+ b/(?P=file)\n"
)
_LINES = re.compile(r"[^\n]*\n|[^\n]+")
REFRESH = (
    "`make refresh-patches` re-makes patches where the product changed, and reports those that "
    "a person has to edit"
)
MORE_CONTEXT = "Write the patch with more lines of context, such as `git diff --unified=10`"


class EditError(Exception):
    """An edit that doesn't fit the code; the text names the patch, the file and the hunk."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a hunk, with its end; `sign` is " " for context, "-" or "+"."""

    sign: str
    text: str


@dataclass(frozen=True, slots=True)
class Hunk:
    """Neighbouring changes with their context; `number` is its first line in the file, from 1."""

    number: int
    lines: tuple[Line, ...]

    @property
    def old(self) -> str:
        """The text that has to be in the file."""
        return "".join(line.text for line in self.lines if line.sign != "+")

    @property
    def new(self) -> str:
        """The text that replaces it."""
        return "".join(line.text for line in self.lines if line.sign != "-")


@dataclass(frozen=True, slots=True)
class Edit:
    """A file, named from the repository's root, and its section of a patch.

    `blob` is the file that the diff was made from: git's name of it, or zeros for a new file.
    `patch` is the path of the patch, for messages.
    """

    file: str
    blob: str
    hunks: tuple[Hunk, ...]
    diff: str
    patch: str = ""

    @property
    def is_new(self) -> bool:
        """Whether the edit adds the file."""
        return self.blob == NO_BLOB

    def apply(self, text: str | None) -> str:
        """Return the file's text after the edit; `text` is None where there is no such file.

        The text before each hunk has to be there exactly once. A context that is there twice could
        be matched at the wrong place, and the experiment would measure another change. Raises
        EditError.
        """
        if text is None:
            if not self.is_new:
                raise self._error(f"there is no file {self.file}. {REFRESH}")
            return "".join(hunk.new for hunk in self.hunks)
        if self.is_new:
            raise self._error(f"{self.file} is there already, and the patch adds it")
        places = []
        for hunk in self.hunks:
            found = find(text, hunk.old)
            if len(found) != 1:
                message = (
                    f"the hunk at line {hunk.number} of {self.file} fits {len(found)} places, and "
                    f"has to fit one. {MORE_CONTEXT if found else REFRESH}"
                )
                raise self._error(message)
            places.append((found[0], hunk))
        for start, hunk in sorted(places, key=lambda place: place[0], reverse=True):
            text = text[:start] + hunk.new + text[start + len(hunk.old) :]
        return text

    def _error(self, message: str) -> EditError:
        return EditError(f"{self.patch or 'The patch'}: {message}.")


def parse(text: str, patch: str = "") -> tuple[Edit, ...]:
    """Split a patch into its edits. Raises EditError for what is no edit of text files."""
    first, *sections = _SECTION.split(text)
    if first or not sections:
        message = f"{patch or 'The patch'} has to begin with `diff --git`, as `git diff` writes it."
        raise EditError(message)
    return tuple(_edit(section, patch) for section in sections)


def find(text: str, wanted: str) -> list[int]:
    """Return the offsets at which whole lines of the text begin with the wanted lines."""
    found, start = [], text.find(wanted)
    while start >= 0:
        if start == 0 or text[start - 1] == "\n":
            found.append(start)
        start = text.find(wanted, start + 1)
    return found


def lines_of(text: str) -> list[str]:
    """Split a text into lines that keep their ends, at line feeds alone."""
    return _LINES.findall(text)


def _edit(section: str, patch: str) -> Edit:
    header = _HEADER.match(section)
    if header is None:
        message = (
            f"{patch or 'The patch'}: {section.splitlines()[0]!r} begins a section that isn't "
            "supported. Sections change or add a text file of mode 100644, and have an `index` line"
            " of full length (`git diff --full-index`)."
        )
        raise EditError(message)
    head, *rest = _HUNK.split(section[header.end() :])
    if head or not rest:
        message = f"{patch or 'The patch'}: the section of {header['file']} has no hunk."
        raise EditError(message)
    numbers, bodies = rest[::2], rest[1::2]
    hunks = [Hunk(int(number), _lines(body)) for number, body in zip(numbers, bodies, strict=True)]
    return Edit(header["file"], header["blob"], tuple(hunks), section, patch)


def _lines(body: str) -> tuple[Line, ...]:
    lines: list[Line] = []
    for line in lines_of(body):
        if line.startswith("\\"):  # "No newline at end of file" is about the line before
            lines[-1] = Line(lines[-1].sign, lines[-1].text.removesuffix("\n"))
        elif line == "\n":  # an empty line of context, without the space in front
            lines.append(Line(" ", line))
        else:
            lines.append(Line(line[0], line[1:]))
    return tuple(lines)
