"""The one visible last line by which a desk's list answers tell what we wrote ourselves."""

import re

_LINE = re.compile(r"(?:\A|\n)[^\n]{0,200}?drawbridge:([a-z2-7]{12})\s*\Z")
_CODE = re.compile(r"[a-z2-7]{12}")


def marker_line(partner: str, shown: str, code: str) -> str:
    """ "Acme #372 · drawbridge:7f3k2q…": who and what it is a copy of, and our code (12 base32 symbols)."""
    assert _CODE.fullmatch(code)
    origin = f"{partner} {shown}".strip()[:100]
    return f"{origin} · drawbridge:{code}"


def split_marker(text: str) -> tuple[str, str | None]:
    """The text without our last line, and its code; the text as it is and None where there is no such line."""
    found = _LINE.search(text)
    if found is None:
        return text, None
    return text[: found.start()].rstrip(), found[1]
