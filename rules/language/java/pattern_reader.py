"""Translates a Java pattern into one of the `regex` module that means the same.

Nothing is handed on unread: every construct is either known here and written anew, or refused in Java's words. Flags
are resolved while reading, so the engine's own flags and its many extensions stay out of reach."""

from dataclasses import dataclass

from rules.language.java import pattern_source as flags_of
from rules.language.java.errors import OverLimit
from rules.language.java.pattern_classes import class_escape, escaped, read_character, read_class
from rules.language.java.pattern_source import INLINE, Source

MOST_REPEATS = 1_000
# What counted repeats may unfold to in one pattern: the engine unfolds them, which costs time and memory.
MOST_UNFOLDED = 100_000
MOST_COUNT = 2**31 - 1

TERMINATORS = r"\n\r\x85\u2028\u2029"
# Before a last line terminator or at the end: what `$` and `\Z` mean unless lines count.
AT_END = r"(?=(?:\r\n|(?<!\r)\n|[\r\x85\u2028\u2029])?\Z)"
AT_END_UNIX = r"(?=\n?\Z)"
LINE_END = r"(?=\r\n|(?<!\r)\n|[\r\x85\u2028\u2029]|\Z)"
LINE_START = r"(?!\Z)(?:\A|(?<=[\n\x85\u2028\u2029])|(?<=\r)(?!\n))"
LINE_BREAK = r"(?>\r\n|[\n-\r\x85\u2028\u2029])"
WORD = "[a-zA-Z0-9_]"
WORD_UNICODE = r"[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}]"

LOOKING = {"=": "(?=", "!": "(?!", ">": "(?>", ":": "(?:", "<=": "(?<=", "<!": "(?<!"}


@dataclass(slots=True)
class Piece:
    """Translated text; the product of the counted repeats nested in it; what it unfolds to, in single matches."""

    text: str
    repeats: int = 1
    size: int = 1


@dataclass(frozen=True, slots=True)
class Translated:
    text: str
    groups: int
    names: tuple[tuple[str, int], ...]


def translate(pattern: str, flags: int) -> Translated:
    """Raises JavaError (PatternSyntaxException) and OverLimit."""
    if flags & flags_of.UNICODE_CHARACTER_CLASS:
        flags |= flags_of.UNICODE_CASE
    source = Source(pattern, flags)
    reader = _Reader(source)
    if flags & flags_of.LITERAL:
        source.flags &= ~flags_of.COMMENTS
        text = "".join(reader.literal(char) for char in pattern)
    else:
        text = reader.alternatives().text
        if source.at < source.end:
            raise source.wrong("Unmatched closing ')'", source.at - 1)
    return Translated(text, reader.groups, tuple(reader.names.items()))


class _Reader:
    __slots__ = ("groups", "names", "source", "unfolded")

    def __init__(self, source: Source) -> None:
        self.source = source
        self.groups = 0
        self.names: dict[str, int] = {}
        self.unfolded = 0

    def alternatives(self) -> Piece:
        """Up to the end or a `)`, which is left."""
        branches = [self.sequence()]
        while self.source.takes("|"):
            branches.append(self.sequence())
        return Piece(
            "|".join(branch.text for branch in branches),
            max(branch.repeats for branch in branches),
            sum(branch.size for branch in branches),
        )

    def sequence(self) -> Piece:
        texts: list[str] = []
        repeats, size = 1, 0
        while (char := self.source.peek()) and char not in "|)":
            if self.source.takes("\\Q"):
                texts.append(self.quoted())
                continue
            piece = self.repeated(self.atom())
            texts.append(piece.text)
            repeats = max(repeats, piece.repeats)
            size += piece.size
        return Piece("".join(texts), repeats, size + 1)

    def quoted(self) -> str:
        """`\\Q…\\E`; a repeat after it takes the last character alone, as in Java."""
        source = self.source
        stop = source.text.find("\\E", source.at)
        stop = source.end if stop < 0 else stop
        text = source.text[source.at : stop]
        source.at = min(stop + 2, source.end)
        if not text:
            return ""
        last = self.repeated(Piece(self.literal(text[-1])))
        return "".join(self.literal(char) for char in text[:-1]) + last.text

    # One thing that may be repeated

    def atom(self) -> Piece:
        source = self.source
        char = source.take()
        match char:
            case "(":
                return self.group()
            case "[":
                return Piece(self.cased(read_class(source)))
            case "\\":
                return Piece(self.escape())
            case "^":
                return Piece(f"(?:{self.line_start()})")
            case "$":
                return Piece(f"(?:{self.line_end()})")
            case ".":
                return Piece(self.dot())
            case "*" | "+" | "?":
                raise source.wrong(f"Dangling meta character '{char}'", source.at - 1)
            case "{":
                raise source.wrong("Illegal repetition", source.at)
        return Piece(self.literal(char))

    def literal(self, char: str) -> str:
        source = self.source
        if char.isascii() and char.isalpha() and source.has(flags_of.CASE_INSENSITIVE):
            if not source.has(flags_of.UNICODE_CASE):
                return f"[{char.lower()}{char.upper()}]"
            return self.cased(char)
        return self.cased(escaped(char)) if not char.isascii() else escaped(char)

    def cased(self, text: str) -> str:
        """Where case does not count in all of Unicode, the engine folds it, one character to one."""
        source = self.source
        if source.has(flags_of.CASE_INSENSITIVE) and source.has(flags_of.UNICODE_CASE):
            return f"(?i-f:{text})"
        return text

    def dot(self) -> str:
        if self.source.has(flags_of.DOTALL):
            return "(?s:.)"
        return r"[^\n]" if self.source.has(flags_of.UNIX_LINES) else f"[^{TERMINATORS}]"

    def line_start(self) -> str:
        if not self.source.has(flags_of.MULTILINE):
            return r"\A"
        return r"(?!\Z)(?:\A|(?<=\n))" if self.source.has(flags_of.UNIX_LINES) else LINE_START

    def line_end(self) -> str:
        unix = self.source.has(flags_of.UNIX_LINES)
        if self.source.has(flags_of.MULTILINE):
            return r"(?=\n|\Z)" if unix else LINE_END
        return AT_END_UNIX if unix else AT_END

    # Escapes

    def escape(self) -> str:
        source = self.source
        inside = class_escape(source)
        if inside is not None:
            return self.cased(f"[{inside}]")
        letter = source.text[source.at : source.at + 1]
        if letter and letter in "123456789":
            return self.reference_by_number()
        if letter and letter in "kbBAGZzRX":
            source.at += 1
            return self.special(letter)
        return self.literal(read_character(source))

    def special(self, letter: str) -> str:
        source = self.source
        word = WORD_UNICODE if source.has(flags_of.UNICODE_CHARACTER_CLASS) else WORD
        match letter:
            case "k":
                return self.reference_by_name()
            case "b":
                if source.takes_raw("{g}"):
                    return r"(?:)"
                return f"(?:(?<={word})(?!{word})|(?<!{word})(?={word}))"
            case "B":
                return f"(?:(?<={word})(?={word})|(?<!{word})(?!{word}))"
            case "A":
                return r"(?:\A)"
            case "G":
                return r"(?:\G)"
            case "Z":
                return f"(?:{AT_END_UNIX if source.has(flags_of.UNIX_LINES) else AT_END})"
            case "z":
                return r"(?:\Z)"
            case "R":
                return LINE_BREAK
        return r"(?:\X)"

    def reference_by_number(self) -> str:
        source = self.source
        number = int(source.digits("0123456789", 1))
        while (more := source.text[source.at : source.at + 1]) and more in "0123456789":
            if number * 10 + int(more) > self.groups:
                break
            number = number * 10 + int(more)
            source.at += 1
        return self.reference(number)

    def reference(self, number: int) -> str:
        # A group that does not exist (yet) has matched nothing: that never matches.
        if number > self.groups:
            return "(?!)"
        insensitive = self.source.has(flags_of.CASE_INSENSITIVE)
        return f"(?i-f:\\{number})" if insensitive else f"(?:\\{number})"

    def reference_by_name(self) -> str:
        source = self.source
        if not source.takes_raw("<"):
            raise source.wrong("\\k is not followed by '<' for named capturing group", source.at)
        name = self.group_name()
        if name not in self.names:
            raise source.wrong(f"named capturing group <{name}> does not exist", source.at - 1)
        return self.reference(self.names[name])

    # Groups

    def group(self) -> Piece:
        source = self.source
        outer = source.flags
        source.enter()
        opening = self.opening() if source.takes_raw("?") else self.capturing()
        if not opening:  # (?i) holds until the group around it ends
            source.leave()
            return Piece("", size=0)
        inner = self.alternatives()
        if not source.takes(")"):
            raise source.wrong("Unclosed group", source.end)
        source.flags = outer
        source.leave()
        return Piece(f"{opening}{inner.text})", inner.repeats, inner.size + 1)

    def capturing(self) -> str:
        self.groups += 1
        return "("

    def opening(self) -> str:
        """After `(?`: what to write for it, or nothing for flags that stand alone."""
        source = self.source
        for start in ("<=", "<!", "=", "!", ">", ":"):
            if source.takes_raw(start):
                return LOOKING[start]
        if source.takes_raw("<"):
            name = self.group_name()
            if name in self.names:
                raise source.wrong(f"Named capturing group <{name}> is already defined", source.at - 1)
            self.names[name] = self.groups + 1
            return self.capturing()
        return self.inline_flags()

    def group_name(self) -> str:
        source = self.source
        start = source.at
        while source.at < source.end and source.text[source.at].isascii() and source.text[source.at].isalnum():
            source.at += 1
        name = source.text[start : source.at]
        if not name[:1].isalpha():
            raise source.wrong("capturing group name does not start with a Latin letter", start)
        if not source.takes_raw(">"):
            raise source.wrong("named capturing group is missing trailing '>'", source.at)
        return name

    def inline_flags(self) -> str:
        source = self.source
        adding = True
        flags = source.flags
        while True:
            char = source.text[source.at : source.at + 1]
            if char in INLINE and char:
                flags = flags | INLINE[char] if adding else flags & ~INLINE[char]
            elif char == "-" and adding:
                adding = False
            elif char and char in "):":
                source.at += 1
                source.flags = flags
                return "(?:" if char == ":" else ""
            else:
                raise source.wrong("Unknown inline modifier", source.at)
            source.at += 1

    # Repeats

    def repeated(self, piece: Piece) -> Piece:
        source = self.source
        char = source.peek()
        if not char or char not in "*+?{":
            return piece
        body = piece.text or "(?:)"
        if char == "{":
            low, high = self.counts()
            piece = self.counted(piece, low if high is None else high)
            suffix = f"{{{low}}}" if low == high else f"{{{low},{'' if high is None else high}}}"
        else:
            source.take()
            suffix = char
        suffix += self.manner()
        while source.peek() == "{" and source.text[source.at + 1 : source.at + 2].isdigit():
            self.counts()  # Java repeats the nothing after the first repeat
            self.manner()
        return Piece(f"{body}{suffix}", piece.repeats, piece.size)

    def manner(self) -> str:
        """Greedy, or `?` for reluctant, or `+` for possessive."""
        following = self.source.peek()
        if following and following in "?+":
            self.source.take()
            return following
        return ""

    def counts(self) -> tuple[int, int | None]:
        """`{n}`, `{n,}` or `{n,m}`; most None means without end."""
        source = self.source
        source.take()
        low = self.count()
        high: int | None = low
        if source.takes_raw(","):
            high = None
            if source.text[source.at : source.at + 1] != "}":
                high = self.count()
        if not source.takes_raw("}"):
            raise source.wrong("Unclosed counted closure", source.at)
        if high is not None and high < low:
            raise source.wrong("Illegal repetition range", source.at - 1)
        return low, high

    def count(self) -> int:
        source = self.source
        digits = source.digits("0123456789", MOST_COUNT)
        if not digits:
            raise source.wrong("Illegal repetition", source.at)
        if len(digits) > 10 or int(digits) > MOST_COUNT:
            raise source.wrong("Illegal repetition range", source.at)
        return int(digits)

    def counted(self, piece: Piece, times: int) -> Piece:
        """What nested counts multiply to is bounded: twenty characters of them can take gigabytes to compile."""
        times = max(times, 1)
        repeats = piece.repeats * times
        self.unfolded += piece.size * times
        single = piece.repeats == 1 and piece.size == 1 and times <= 10 * MOST_REPEATS
        if (repeats > MOST_REPEATS and not single) or self.unfolded > MOST_UNFOLDED:
            raise OverLimit(f"counted repeats of a regular expression multiply to more than {MOST_REPEATS:,}")
        return Piece(piece.text, repeats, piece.size * times)
