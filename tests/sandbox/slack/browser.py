"""A browser without JavaScript: reads the page as HTML and sends its forms as they stand there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

from aiohttp import ClientSession, FormData

_VOID = frozenset({"input", "img", "link", "meta", "hr", "br"})


@dataclass(eq=False)
class Node:
    tag: str
    attributes: dict[str, str]
    children: list[Node | str] = field(default_factory=list)
    parent: Node | None = None

    @property
    def text(self) -> str:
        parts = (child if isinstance(child, str) else child.text for child in self.children)
        return "".join(parts)

    @property
    def words(self) -> str:
        return " ".join(self.text.split())

    def get(self, name: str) -> str:
        return self.attributes.get(name, "")

    def has(self, name: str) -> bool:
        return name in self.attributes

    def all(self, *tags: str, **wanted: str) -> Iterator[Node]:
        """Below this one, in order; `class_` is one of its classes."""
        for child in self.children:
            if isinstance(child, Node):
                if (not tags or child.tag in tags) and child.is_like(wanted):
                    yield child
                yield from child.all(*tags, **wanted)

    def is_like(self, wanted: dict[str, str]) -> bool:
        return all(
            value in self.get("class").split() if name == "class_" else self.get(name) == value
            for name, value in wanted.items()
        )

    def around(self, tag: str) -> Node:
        node = self
        while node.tag != tag:
            assert node.parent is not None, f"no {tag} around {self.tag}"
            node = node.parent
        return node


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.at = self.root = Node("", {})

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {name: value or "" for name, value in attrs}, parent=self.at)
        self.at.children.append(node)
        if tag not in _VOID:
            self.at = node

    def handle_endtag(self, tag: str) -> None:
        assert self.at.tag == tag, f"<{self.at.tag}> is closed by </{tag}>"
        assert self.at.parent is not None
        self.at = self.at.parent

    def handle_data(self, data: str) -> None:
        self.at.children.append(data)


def read(html: str) -> Node:
    """The whole document. Fails where elements are not closed in order."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    assert reader.at is reader.root
    return reader.root


@dataclass
class PlainBrowser:
    """One tab. `filled` is what was put into controls since the page was loaded, by name."""

    session: ClientSession
    origin: str
    path: str = "/"
    page: Node = field(default_factory=lambda: Node("", {}))
    filled: dict[str, list[str | tuple[str, bytes]]] = field(default_factory=dict)

    async def open(self, path: str) -> Node:
        async with self.session.get(self.origin + path) as answer:
            assert answer.status == 200, await answer.text()
            return self._shows(answer.url.path, await answer.text())

    async def reload(self) -> Node:
        return await self.open(self.path)

    def _shows(self, path: str, html: str) -> Node:
        self.path, self.page, self.filled = path, read(html), {}
        return self.page

    @property
    def dialog(self) -> Node:
        """The topmost."""
        return list(self.page.all("dialog"))[-1]

    def control(self, label: str) -> Node:
        """By the words of its label, or by the name it has without one."""
        for one in self.page.all("label"):
            if one.words.removesuffix(" (optional)") == label:
                return next(found for found in self.page.all() if found.get("id") == one.get("for"))
        return next(one for one in self.page.all("input", "select", "textarea") if one.get("aria-label") == label)

    def fill(self, label: str, *values: str | tuple[str, bytes]) -> None:
        self.filled[self.control(label).get("name")] = list(values)

    def option(self, label: str, words: str) -> str:
        """The value of an option of a select."""
        return next(one.get("value") for one in self.control(label).all("option") if one.words == words)

    async def press(self, button: str, *, among: Node | None = None) -> Node:
        """The one button with these words, or called so."""
        found = [one for one in (among or self.page).all("button") if button in (one.words, one.get("aria-label"))]
        assert len(found) == 1, f"{len(found)} buttons are called {button}"
        return await self.send(found[0].around("form"), found[0].get("name"), found[0].get("value"))

    async def send(self, form: Node, action: str, value: str) -> Node:
        data = FormData()
        for name, one in [*self._values(form), (action, value)]:
            if isinstance(one, tuple):
                data.add_field(name, one[1], filename=one[0])
            else:
                data.add_field(name, one)
        async with self.session.post(self.origin + self.path, data=data()) as answer:
            assert answer.status == 200, await answer.text()
            return self._shows(answer.url.path, await answer.text())

    def _values(self, form: Node) -> Iterator[tuple[str, str | tuple[str, bytes]]]:
        told: set[str] = set()
        for control in form.all("input", "select", "textarea"):
            name = control.get("name")
            if name in self.filled:
                yield from ((name, one) for one in self.filled[name] if name not in told)
                told.add(name)
            elif (value := _value(control)) is not None:
                yield name, value


def _value(control: Node) -> str | None:
    """What a browser sends for it, untouched."""
    if control.tag == "textarea":
        return control.text.removeprefix("\n")
    if control.tag == "select":
        options = list(control.all("option"))
        return next((one for one in options if one.has("selected")), options[0]).get("value")
    if control.get("type") == "file" or (control.get("type") in ("radio", "checkbox") and not control.has("checked")):
        return None
    return control.get("value")
