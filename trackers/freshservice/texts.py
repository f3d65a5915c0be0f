"""Between the desk's HTML and CommonMark without raw HTML, both ways.

`to_markdown` answers a text that comes back the same after `to_html` and another `to_markdown`: what nobody edited
never looks edited. A plain line break stands for a break, as people write it.
"""

import asyncio
import html as entities
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from html.parser import HTMLParser

import nh3
from bs4 import BeautifulSoup
from bs4.element import NavigableString, PageElement, Tag
from markdown_it import MarkdownIt
from markdownify import MarkdownConverter

from trackers.lenient import clean

_INLINE = {"a", "b", "br", "code", "em", "i", "img", "kbd", "samp", "strong"}
_BLOCKS = {"blockquote", "div", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "ul"}
_TABLES = {"table", "thead", "tbody", "tfoot", "tr", "td", "th", "caption"}
# Blocks that CommonMark has no word for: their content stands as paragraphs.
_OTHER_BLOCKS = {
    "address",
    "article",
    "aside",
    "center",
    "dd",
    "details",
    "dl",
    "dt",
    "figcaption",
    "figure",
    "footer",
    "header",
    "main",
    "nav",
    "section",
    "summary",
}
_READ = _INLINE | _BLOCKS | _TABLES | _OTHER_BLOCKS
_WRITTEN = {*_INLINE - {"img", "kbd", "samp"}, *_BLOCKS - {"div"}}
_DROPPED_WHOLE = {"script", "style", "title"}
_WRITTEN_ATTRIBUTES: dict[str, set[str]] = {"*": set(), "a": {"href"}, "ol": {"start"}}
_READ_ATTRIBUTES = {**_WRITTEN_ATTRIBUTES, "img": {"alt", "data-id"}}
_SCHEMES = {"http", "https", "mailto"}

# What makes a table cell hold more than a line of text.
_LAYOUT = sorted((_BLOCKS | _OTHER_BLOCKS | {"table", "br"}) - {"hr"})

IMAGE = "(image: "
_TRIES = 4
_CACHED_LENGTH = 8 * 1024
_SLOW_LENGTH = 16 * 1024  # longer texts are converted beside the event loop
_LONGEST_SETTLED = 128 * 1024
_MOST_TAGS = 5000  # with more, a text keeps its lines and loses its markup
_DEEPEST = 1000
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)")
_NEVER_DEEP = frozenset(("br", "hr", "img", "input", "link", "meta", "p", "li", "td", "th", "tr", "dt", "dd", "option"))

# Each piece of text may stand at the start of a line, so what would begin a block there is escaped first.
_ESCAPES = tuple(
    (re.compile(pattern), escaped)
    for pattern, escaped in (
        (r"\\(?=[!-/:-@\[-`{-~]|$)", r"\\\\"),
        (r"`", r"\\`"),
        (r"(?<!\s)\*|^\*|\*(?!\s)", r"\\*"),
        (r"(?<![^\W_])_|_(?![^\W_])", r"\\_"),
        (r"\](?=[(\[:])", r"\\]"),
        (r"<(?=[A-Za-z/!?])", r"\\<"),
        (r"&(?=#?\w{1,32};)", r"\\&"),
        (r"^(\s*)(#{1,6}(?=\s|$)|>|[+-](?=\s|$)|-(?=[-\s]*$)|=(?=[=\s]*$)|~(?=~~))", r"\1\\\2"),
        (r"^(\s*[0-9]{1,9})([.)])(?=\s|$)", r"\1\\\2"),
    )
)
_LINK_ESCAPES = (*_ESCAPES[:4], (re.compile(r"([\[\]])"), r"\\\1"), *_ESCAPES[5:])
_URL_ESCAPES = re.compile(r"[\s()<>\\]")


async def read_html(html: str) -> str:
    """`to_markdown`, without holding up everybody else for a long text."""
    return to_markdown(html) if len(html) <= _SLOW_LENGTH else await asyncio.to_thread(to_markdown, html)


async def write_html(markdown: str) -> str:
    return to_html(markdown) if len(markdown) <= _SLOW_LENGTH else await asyncio.to_thread(to_html, markdown)


def to_markdown(html: str) -> str:
    """CommonMark without raw HTML; inline images become "(image: name)"."""
    return _cached_markdown(html) if len(html) <= _CACHED_LENGTH else _settled(html)


@lru_cache(maxsize=2048)
def _cached_markdown(html: str) -> str:
    return _settled(html)


def _settled(html: str) -> str:
    """Until another round changes nothing; in the rare case that it always does, without any markup."""
    text = _one_way(html)
    if len(text) > _LONGEST_SETTLED:
        return text  # too long to travel whole, so nobody will compare it
    for _ in range(_TRIES):
        again = _one_way(to_html(text))
        if again == text:
            return text
        text = again
    return _lines_only(html)


def to_html(markdown: str) -> str:
    """HTML of our own making: the text's HTML is shown as text, links are http, https or mailto."""
    return nh3.clean(
        _MARKDOWN.render(clean(markdown)),
        tags=_WRITTEN,
        attributes=_WRITTEN_ATTRIBUTES,
        url_schemes=_SCHEMES,
        link_rel=None,
    ).strip()


def line_html(line: str) -> str:
    """A paragraph that says exactly this."""
    return f"<p>{entities.escape(line, quote=False)}</p>"


@dataclass(frozen=True, slots=True)
class InlineImage:
    """An image that stands in a text and not among the files; `id` is that of the desk's attachment."""

    id: str
    name: str


def inline_images(html: str) -> tuple[InlineImage, ...]:
    """In the order of the text, each once."""
    soup = _soup(html) if "data-id" in html and not _is_deep(html) else None
    found: dict[str, InlineImage] = {}
    for image in soup.find_all("img") if soup else ():
        identity = image.get("data-id")
        if isinstance(identity, str) and re.fullmatch(r"[0-9]{1,20}", identity):
            found.setdefault(identity, InlineImage(identity, _image_name(image)))
    return tuple(found.values())


def with_images(html: str, before: str) -> str:
    """Our new HTML, in which the names of images become again the images that stood there `before`."""
    for image in inline_images(before):
        named = entities.escape(f"{IMAGE}{image.name})", quote=False)
        html = html.replace(named, _image_tag(before, image), 1)
    return html


def _image_tag(before: str, image: InlineImage) -> str:
    """The desk knows its own image by the id; the address is the one that it gave."""
    found = BeautifulSoup(before, "html.parser").find("img", attrs={"data-id": image.id})
    source = str(found.get("src") or "") if found else ""
    return (
        f'<img src="{entities.escape(source)}" class="inline-image" data-id="{image.id}" data-store-type="1"'
        f' alt="{entities.escape(image.name)}">'
    )


def _one_way(html: str) -> str:
    if _is_deep(html):
        return _lines_only(html)
    soup = _soup(html)
    if soup is None:
        return _lines_only(html)
    try:
        return _tidy(_Converter().convert_soup(_prepared(soup)))
    except RecursionError:  # nested deeper than any person writes
        return _lines_only(html)


def _is_deep(html: str) -> bool:
    """A guess on the side of caution: the cleaner's time grows with the square of the depth."""
    depth = 0
    for tag in _TAG.finditer(html):
        if tag[2].lower() not in _NEVER_DEEP:
            depth = max(0, depth - 1) if tag[1] else depth + 1
            if depth > _DEEPEST:
                return True
    return False


def _soup(html: str) -> BeautifulSoup | None:
    """Only the tags that mean something here; None when there are too many of them. The outer element keeps a bare text
    from being taken for a file name."""
    kept = nh3.clean(
        clean(html),
        tags=_READ,
        clean_content_tags=_DROPPED_WHOLE,
        attributes=_READ_ATTRIBUTES,
        url_schemes=_SCHEMES,
        link_rel=None,
    )
    if kept.count("<") > _MOST_TAGS:
        return None
    return BeautifulSoup(f"<div>{kept.replace('&nbsp;', ' ')}</div>", "html.parser")


def _prepared(soup: BeautifulSoup) -> BeautifulSoup:
    """The same text in the shapes that the converter reads well."""
    for row in soup.find_all("tr"):
        cells = [cell for cell in row.children if isinstance(cell, Tag)]
        if any(cell.find(_LAYOUT) for cell in cells):
            for cell in (row, *cells):
                cell.name = "div"  # a table that lays out a page: its cells hold paragraphs
    for names in (("b", "strong"), ("i", "em")):
        for mark in soup.find_all(names):
            _swallow_the_next(mark, names)
    for numbered in soup.find_all("ol"):
        for number, item in enumerate(numbered.find_all("li", recursive=False), _start(numbered)):
            item["data-number"] = str(number)
    return soup


def _swallow_the_next(mark: Tag, names: tuple[str, ...]) -> None:
    """Two marks side by side would read as four asterisks in a row."""
    while isinstance(after := mark.next_sibling, Tag) and after.name in names:
        mark.extend(list(after.children))
        after.decompose()


def _start(numbered: Tag) -> int:
    start = str(numbered.get("start", "1"))
    return int(start) if re.fullmatch(r"[0-9]{1,6}", start) else 1


def _image_name(image: Tag) -> str:
    alt = " ".join(str(image.get("alt") or "").split())[:100]
    return alt or f"image-{image.get('data-id')}"


def _tidy(markdown: str) -> str:
    lines = (line.rstrip(" ") for line in markdown.strip().split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines))


class _Converter(MarkdownConverter):
    """markdownify with the least escaping that keeps a text what it is, and our own breaks, tables and images."""

    def __init__(self) -> None:
        super().__init__(heading_style="atx", wrap=True, wrap_width=None)

    def process_text(self, el: NavigableString, parent_tags: set[str] | None = None) -> str:
        text = str(super().process_text(el, parent_tags=parent_tags))  # type: ignore[misc]  # not in its stubs
        if _name(el.previous_sibling) == "br":
            text = text.lstrip(" ")
        return text.rstrip(" ") if _name(el.next_sibling) == "br" else text

    def escape(self, text: str, parent_tags: set[str]) -> str:
        return _escaped(text, _LINK_ESCAPES if "a" in parent_tags else _ESCAPES)

    def convert_br(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return " " if "_inline" in parent_tags else "\n"

    def convert_b(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return text if parent_tags & {"b", "strong", "_noformat"} else _marked(el, text, "**")

    def convert_em(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return text if parent_tags & {"i", "em", "_noformat"} else _marked(el, text, "*")

    convert_strong = convert_b
    convert_i = convert_em

    def convert_a(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        shown, href = " ".join(text.split()), str(el.get("href") or "")
        if not shown or not href or "_noformat" in parent_tags:
            return text
        if shown == href and re.fullmatch(r"https?://[!-;=?-~]+", href):
            return f"<{href}>"
        before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
        return f"{before and ' '}[{shown}]({_URL_ESCAPES.sub(_percent, href)}){after and ' '}"

    def convert_img(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        if not el.get("data-id") and not str(el.get("alt") or "").strip():
            return ""
        return self.escape(f"{IMAGE}{_image_name(el)})", parent_tags)

    def convert_li(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        bullet = f"{el['data-number']}. " if el.get("data-number") else "- "
        lines = text.strip().split("\n")
        indented = [line and " " * len(bullet) + line for line in lines[1:]]
        return "\n".join([bullet + lines[0], *indented]) + "\n" if lines[0] else "\n"

    def convert_pre(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        if not text.strip():
            return ""
        fence = "`" * max(3, 1 + max(map(len, re.findall("`+", text)), default=0))
        return f"\n\n{fence}\n{text.strip(chr(10))}\n{fence}\n\n"

    def convert_td(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        is_last = el.find_next_sibling(["td", "th"]) is None
        return " ".join(text.split()) + ("" if is_last else " | ")

    convert_th = convert_td

    def convert_tr(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return f"\n{text.strip()}\n"

    convert_caption = convert_tr


# Each block that CommonMark has no word for is a paragraph, or several.
for _block in _OTHER_BLOCKS:
    setattr(_Converter, f"convert_{_block}", _Converter.convert_div)  # type: ignore[attr-defined]


def _marked(el: Tag, text: str, mark: str) -> str:
    """Each line on its own, as emphasis does not reach over paragraphs; unmarked where CommonMark would not see it."""
    return "\n".join(_marked_line(el, line, mark) for line in text.split("\n"))


def _marked_line(el: Tag, line: str, mark: str) -> str:
    inner = line.strip()
    if not inner:
        return line
    before, after = line[: len(line) - len(line.lstrip())], line[len(line.rstrip()) :]
    opens = bool(before) or not _is_sign(inner[0]) or _is_edge(_last(el.previous_sibling))
    closes = bool(after) or not _is_sign(inner[-1]) or _is_edge(_first(el.next_sibling))
    return f"{before}{mark}{inner}{mark}{after}" if opens and closes else line


def _last(sibling: PageElement | None) -> str:
    return _text_of(sibling)[-1:]


def _first(sibling: PageElement | None) -> str:
    return _text_of(sibling)[:1]


def _text_of(sibling: PageElement | None) -> str:
    if isinstance(sibling, Tag):
        return sibling.get_text() if sibling.name in _INLINE else " "
    return str(sibling or "")


def _is_edge(character: str) -> bool:
    return not character or character.isspace() or _is_sign(character)


def _is_sign(character: str) -> bool:
    return unicodedata.category(character)[0] in "PS"


def _name(element: PageElement | None) -> str | None:
    return element.name if isinstance(element, Tag) else None


def _percent(found: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in found[0].encode())


class _Words(HTMLParser):
    """The bare text of any HTML, however deep; each block on a line of its own."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in _DROPPED_WHOLE
        if tag not in _INLINE or tag == "br":
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self.silent = max(0, self.silent - (tag in _DROPPED_WHOLE))
        if tag not in _INLINE:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.parts.append(data.replace("\n", " "))


def _lines_only(html: str) -> str:
    words = _Words()
    words.feed(clean(html))
    words.close()
    lines = (" ".join(line.split()) for line in "".join(words.parts).split("\n"))
    return "\n\n".join(_escaped(line, _ESCAPES) for line in lines if line)


def _escaped(text: str, escapes: Iterable[tuple[re.Pattern[str], str]]) -> str:
    for pattern, escaped in escapes:
        text = pattern.sub(escaped, text)
    return text


def _parser() -> MarkdownIt:
    """Text that looks like HTML stays text, and nobody's page loads an image from a stranger's server."""
    return MarkdownIt("commonmark", {"html": False, "breaks": True}).disable("image")


_MARKDOWN = _parser()
