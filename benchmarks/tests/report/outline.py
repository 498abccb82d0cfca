"""An outline of a page for the tests."""

from html.parser import HTMLParser

VOID_ELEMENTS = {"meta", "link", "br", "hr", "img", "input"}


class Outline(HTMLParser):
    """A page's elements, ids and references, and the text that is there without a click."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.references: list[str] = []
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self._texts: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.elements.append((tag, found))
        if found.get("id"):
            self.ids.append(str(found["id"]))
        self.references += [str(found[it]) for it in ("src", "href", "xlink:href") if found.get(it)]
        if tag not in VOID_ELEMENTS:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not {"details", "svg", "style"} & {*self.open} and data.strip():
            self._texts.append(data.strip())

    def count(self, tag: str) -> int:
        return sum(1 for found, _ in self.elements if found == tag)

    @property
    def in_plain_sight(self) -> str:
        return " ".join(self._texts)
