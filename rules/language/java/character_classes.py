"""Java's named character classes, as the inside of a set of the `regex` module."""

from functools import lru_cache

import regex

# Inside of a set, ASCII as Java means it.
POSIX = {
    "Lower": "a-z",
    "Upper": "A-Z",
    "ASCII": r"\x00-\x7f",
    "Alpha": "a-zA-Z",
    "Digit": "0-9",
    "Alnum": "a-zA-Z0-9",
    "Punct": r"\x21-\x2f\x3a-\x40\x5b-\x60\x7b-\x7e",
    "Graph": r"\x21-\x7e",
    "Print": r"\x20-\x7e",
    "Blank": r"\x20\t",
    "Cntrl": r"\x00-\x1f\x7f",
    "XDigit": "0-9a-fA-F",
    "Space": r"\x20\t-\r",
}

# The same names when the pattern asks for the meaning of Unicode.
POSIX_UNICODE = {
    **POSIX,
    "Lower": r"\p{Lowercase}",
    "Upper": r"\p{Uppercase}",
    "Alpha": r"\p{Alphabetic}",
    "Digit": r"\p{Nd}",
    "Alnum": r"\p{Alphabetic}\p{Nd}",
    "Punct": r"\p{P}",
    "Graph": r"[^\p{White_Space}\p{Cc}\p{Cs}\p{Cn}]",
    "Print": r"[^\p{Cc}\p{Cs}\p{Cn}\p{Zl}\p{Zp}]",
    "Blank": r"\p{Zs}\t",
    "Cntrl": r"\p{Cc}",
    "XDigit": r"\p{Nd}\p{Hex_Digit}",
    "Space": r"\p{White_Space}",
}

SHORT = {"d": "0-9", "w": "a-zA-Z0-9_", "s": r"\x20\t-\r"}
SHORT_UNICODE = {
    "d": r"\p{Nd}",
    "w": r"\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\u200c\u200d",
    "s": r"\p{White_Space}",
}
SHORT_ALWAYS = {"h": r"\x20\t\xa0\u1680\u180e\u2000-\u200a\u202f\u205f\u3000", "v": r"\n-\r\x85\u2028\u2029"}

_PARTS = {"L": "ultmo", "M": "nce", "N": "dlo", "P": "cdseifo", "S": "mcko", "Z": "slp", "C": "cfson"}
_CATEGORIES = (*_PARTS, *(group + part for group, parts in _PARTS.items() for part in parts))
GENERAL = {
    **{name: rf"\p{{{name}}}" for name in _CATEGORIES},
    "LC": r"\p{Lu}\p{Ll}\p{Lt}",
    "LD": r"\p{L}\p{Nd}",
    "L1": r"\x00-\xff",
    "all": r"\x00-\U0010ffff",
}

# What follows `Is`, without regard to case.
BINARY = {
    "alphabetic": r"\p{Alphabetic}",
    "ideographic": r"\p{Ideographic}",
    "letter": r"\p{L}",
    "lowercase": r"\p{Lowercase}",
    "uppercase": r"\p{Uppercase}",
    "titlecase": r"\p{Lt}",
    "punctuation": r"\p{P}",
    "control": r"\p{Cc}",
    "white_space": r"\p{White_Space}",
    "whitespace": r"\p{White_Space}",
    "digit": r"\p{Nd}",
    "alnum": r"\p{Alphabetic}\p{Nd}",
    "hex_digit": r"\p{Hex_Digit}",
    "join_control": r"\u200c\u200d",
    "assigned": r"[^\p{Cn}]",
}

JAVA = {
    "javaLowerCase": r"\p{Lowercase}",
    "javaUpperCase": r"\p{Uppercase}",
    "javaTitleCase": r"\p{Lt}",
    "javaAlphabetic": r"\p{Alphabetic}",
    "javaIdeographic": r"\p{Ideographic}",
    "javaDigit": r"\p{Nd}",
    "javaLetter": r"\p{L}",
    "javaLetterOrDigit": r"\p{L}\p{Nd}",
    "javaDefined": r"[^\p{Cn}]",
    "javaISOControl": r"\p{Cc}",
    "javaSpaceChar": r"\p{Z}",
    "javaWhitespace": r"\t-\r\x1c-\x20\u1680\u2000-\u2006\u2008-\u200a\u2028\u2029\u205f\u3000",
}

# Without regard to case, upper, lower and title are one.
_CASED = {
    "Lower": "a-zA-Z",
    "Upper": "a-zA-Z",
    **dict.fromkeys(("Lu", "Ll", "Lt"), r"\p{Lu}\p{Ll}\p{Lt}"),
    **dict.fromkeys(("javaLowerCase", "javaUpperCase", "javaTitleCase"), r"\p{Lowercase}\p{Uppercase}\p{Lt}"),
}


class UnknownName(Exception):
    """No class of that name; `message` is Java's."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def named(name: str, *, unicode: bool, ignore_case: bool) -> str:
    """The inside of the set that `\\p{name}` stands for. Raises UnknownName."""
    if ignore_case and name in _CASED and not (unicode and name in POSIX):
        return _CASED[name]
    if "=" in name:
        return _keyed(*name.split("=", 1))
    posix = (POSIX_UNICODE if unicode else POSIX).get(name)
    found = posix or GENERAL.get(name) or JAVA.get(name)
    if found is None and name.startswith("In"):
        return _block(name[2:])
    if found is None and name.startswith("Is"):
        found = _is(name[2:], ignore_case=ignore_case)
    if found is None:
        raise UnknownName(f"Unknown character property name {{{name}}}")
    return found


def _is(name: str, *, ignore_case: bool) -> str | None:
    if ignore_case and name in _CASED:
        return _CASED[name]
    return BINARY.get(name.lower()) or GENERAL.get(name) or _known("Script", name)


def _block(name: str) -> str:
    found = _known("Block", name)
    if found is None:
        raise UnknownName(f"Unknown character block name {{{name}}}")
    return found


def _keyed(key: str, value: str) -> str:
    match key.lower():
        case "sc" | "script":
            found, what = _known("Script", value), "script name"
        case "blk" | "block":
            found, what = _known("Block", value), "block name"
        case "gc" | "general_category":
            found, what = GENERAL.get(value), "property name"
            value = value if found else f"{key}={value}"
        case _:
            raise UnknownName(f"Unknown Unicode property {{name=<{key}>, value=<{value}>}}")
    if found is None:
        raise UnknownName(f"Unknown character {what} {{{value}}}")
    return found


@lru_cache(256)
def _known(prop: str, value: str) -> str | None:
    """The engine knows the names of scripts and blocks; it is asked only for what looks like one."""
    if not (value.isascii() and value.replace("_", "").replace("-", "").replace(" ", "").isalnum() and len(value) < 60):
        return None
    item = rf"\p{{{prop}={value}}}"
    try:
        regex.compile(item, regex.V1)
    except regex.error:
        return None
    return item
