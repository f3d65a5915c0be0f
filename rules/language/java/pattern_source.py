"""The text of a Java pattern while it is read: a position, the flags in force, and Java's words for mistakes."""

from rules.language.java.errors import JavaError, OverLimit

UNIX_LINES = 1
CASE_INSENSITIVE = 2
COMMENTS = 4
MULTILINE = 8
LITERAL = 16
DOTALL = 32
UNICODE_CASE = 64
CANON_EQ = 128
UNICODE_CHARACTER_CLASS = 256

INLINE = {
    "d": UNIX_LINES,
    "i": CASE_INSENSITIVE,
    "x": COMMENTS,
    "m": MULTILINE,
    "s": DOTALL,
    "u": UNICODE_CASE,
    "c": CANON_EQ,
    "U": UNICODE_CHARACTER_CLASS | UNICODE_CASE,
}

MOST_CHARACTERS = 1_000
MOST_NESTING = 50
HEX = "0123456789abcdefABCDEF"


class Source:
    """Reads one character after the other. `depth` counts groups and classes that are open."""

    __slots__ = ("at", "depth", "end", "flags", "text")

    def __init__(self, text: str, flags: int) -> None:
        if len(text) > MOST_CHARACTERS:
            raise OverLimit(f"a regular expression is longer than {MOST_CHARACTERS:,} characters")
        self.text = text
        self.end = len(text)
        self.at = 0
        self.flags = flags
        self.depth = 0

    def has(self, flag: int) -> bool:
        return bool(self.flags & flag)

    def peek(self) -> str:
        """The next character that counts, or nothing at the end."""
        if self.flags & COMMENTS:
            self._skip_comments()
        return self.text[self.at] if self.at < self.end else ""

    def take(self) -> str:
        char = self.peek()
        self.at += 1
        return char

    def takes(self, wanted: str) -> bool:
        """Step over `wanted` if that is what comes next."""
        self.peek()
        if not self.text.startswith(wanted, self.at):
            return False
        self.at += len(wanted)
        return True

    def digits(self, allowed: str, most: int) -> str:
        start = self.at
        while self.at < self.end and self.at - start < most and self.text[self.at] in allowed:
            self.at += 1
        return self.text[start : self.at]

    def enter(self) -> None:
        self.depth += 1
        if self.depth > MOST_NESTING:
            raise OverLimit(f"a regular expression is nested more than {MOST_NESTING} levels deep")

    def leave(self) -> None:
        self.depth -= 1

    def wrong(self, message: str, index: int) -> JavaError:
        """What PatternSyntaxException says: the place, the pattern and a caret under it."""
        index = max(index, 0)
        text = f"{message} near index {index}\n{self.text}"
        if index < self.end:
            text += "\n" + " " * index + "^"
        return JavaError("java.util.regex.PatternSyntaxException", text)

    def code_point(self) -> str:
        """The character of an escape whose letter was just read and is one of `0 x u c t n r f a e`, or nothing."""
        letter = self.text[self.at - 1]
        if letter in _SINGLE:
            return _SINGLE[letter]
        match letter:
            case "0":
                return self._octal()
            case "x":
                return self._hex()
            case "u":
                return self._unicode()
            case "c":
                if self.at >= self.end:
                    raise self.wrong("Illegal control escape sequence", self.at - 1)
                self.at += 1
                return chr(ord(self.text[self.at - 1]) ^ 64)
        return ""

    def _octal(self) -> str:
        digits = self.digits("01234567", 3)
        if len(digits) == 3 and digits[0] > "3":
            self.at -= 1
            digits = digits[:2]
        if not digits:
            raise self.wrong("Illegal octal escape sequence", self.at)
        return chr(int(digits, 8))

    def _hex(self) -> str:
        if self.at < self.end and self.text[self.at] == "{":
            self.at += 1
            digits = self.digits(HEX, 8)
            if not digits or not self.takes_raw("}") or int(digits, 16) > 0x10FFFF:
                raise self.wrong("Illegal hexadecimal escape sequence", self.at - 1)
        else:
            digits = self.digits(HEX, 2)
            if len(digits) != 2:
                raise self.wrong("Illegal hexadecimal escape sequence", self.at)
        return chr(int(digits, 16))

    def _unicode(self) -> str:
        unit = self._four()
        if 0xD800 <= unit < 0xDC00 and self.text.startswith("\\u", self.at):
            back = self.at
            self.at += 2
            low = self._four()
            if 0xDC00 <= low < 0xE000:
                return chr(0x10000 + ((unit - 0xD800) << 10) + low - 0xDC00)
            self.at = back
        return chr(unit)

    def _four(self) -> int:
        digits = self.digits(HEX, 4)
        if len(digits) != 4:
            raise self.wrong("Illegal Unicode escape sequence", self.at)
        return int(digits, 16)

    def takes_raw(self, wanted: str) -> bool:
        """As `takes`, where comments and blanks count."""
        if not self.text.startswith(wanted, self.at):
            return False
        self.at += len(wanted)
        return True

    def property_name(self) -> str:
        """What follows `\\p`: one letter, or a name in braces."""
        if not self.takes_raw("{"):
            self.at += 1
            if self.at > self.end:
                raise self.wrong("Unclosed character family", self.end)
            return self.text[self.at - 1]
        close = self.text.find("}", self.at)
        if close < 0:
            raise self.wrong("Unclosed character family", self.end)
        name = self.text[self.at : close]
        self.at = close + 1
        if not name:
            raise self.wrong("Empty character family", close)
        return name

    def _skip_comments(self) -> None:
        while self.at < self.end:
            if self.text[self.at] in " \t\n\x0b\f\r":
                self.at += 1
            elif self.text[self.at] == "#":
                while self.at < self.end and self.text[self.at] not in "\n\r\x85\u2028\u2029":
                    self.at += 1
            else:
                return


_SINGLE = {"t": "\t", "n": "\n", "r": "\r", "f": "\f", "a": "\a", "e": "\x1b"}
