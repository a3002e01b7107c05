"""Shopify keeps descriptions as HTML, we as text. There and back changes nothing."""

import html
import re
from html.parser import HTMLParser

_MARKUP = re.compile(r"</?[a-zA-Z][^<]*>|<!--|&(#\d+|#[xX][0-9a-fA-F]+|[a-zA-Z]\w*);")
_BLOCKS = frozenset(
    ("p", "div", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "tr", "table", "section")
)
_SILENT = frozenset({"script", "style", "title"})


def to_html(text: str) -> str:
    """Write a text as HTML that a browser shows alike."""
    return html.escape(text, quote=False).replace("\n", "<br>")


def to_text(cell: str) -> str:
    """Read a description: HTML if it looks like it, else the plain text that it is."""
    if not _MARKUP.search(cell):
        return cell
    reader = _Reader()
    reader.feed(cell)
    reader.close()
    return "".join(reader.parts).strip()


class _Reader(HTMLParser):
    """Collects what a reader would see; tags go, blocks and breaks become lines."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Start a line at a block, a break; fall silent in a script."""
        del attrs
        if tag == "br":
            self.parts.append("\n")
        elif tag in _BLOCKS:
            self._line()
        elif tag in _SILENT:
            self._silent += 1

    def handle_endtag(self, tag: str) -> None:
        """End the block's line."""
        if tag in _BLOCKS:
            self._line()
        elif tag in _SILENT:
            self._silent = max(0, self._silent - 1)

    def handle_data(self, data: str) -> None:
        """Keep what is shown. A line feed in HTML is a space, or nothing between blocks."""
        if self._silent:
            return
        if "\n" in data:
            data = re.sub(r"\s*\n\s*", " ", data)
            if not self.parts or self.parts[-1].endswith("\n"):
                data = data.lstrip()
        if data:
            self.parts.append(data)

    def _line(self) -> None:
        if self.parts and not self.parts[-1].endswith("\n"):
            self.parts.append("\n")
