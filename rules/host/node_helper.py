"""nodeHelper: what our desk offers, by name."""

from collections.abc import Mapping
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any, ClassVar

from rules.host import words
from rules.host.helpers import ticket_key
from rules.host.letters import escaped
from rules.host.stage import TROUBLE, Stage
from rules.host.values_out import user_of
from rules.host.words import Named
from rules.language.host import HostObject, Member
from sync.form import same

if TYPE_CHECKING:
    from rules.language.run import Run


def _choice(field: str, made: type[Named], *, is_free: bool = False) -> Member:
    """The desk's spelling of a choice; null for one that it does not have. Where the desk does not tell its choices,
    and for what it keeps no list of, an object of the name that was asked for."""

    def call(held: "NodeHelper", run: "Run", given: list[Any]) -> Any:
        if given[0] is None:
            return None
        asked = run.text(given[0])
        labels = None if is_free else held.stage.scene.facts.labels(field)
        found = asked if labels is None else label_like(asked, labels)
        return None if found is None else made(found)

    return Member(call=call, arity=(1, 3))


def label_like(word: str, labels: tuple[str, ...]) -> str | None:
    """Our spelling of the same word."""
    return next((label for label in labels if same(label, word)), None)


class NodeHelper(HostObject):
    __slots__ = ("customs", "stage")

    kind_name = "NodeHelper"
    MEMBERS: ClassVar[Mapping[str, Member]] = {
        "getStatus": _choice("status", words.Status),
        "getPriority": _choice("priority", words.Priority),
        "getIssueType": _choice("type", words.TicketType),
        "getTicketType": _choice("type", words.TicketType),
        "getGroup": _choice("group", words.Group),
        "getDepartment": _choice("department", words.Group),
        "getResolution": _choice("resolution", words.Resolution, is_free=True),
        "getProject": _choice("project", words.Project, is_free=True),
        "getLabel": _choice("tags", words.Label, is_free=True),
        "getVersion": _choice("version", words.Version, is_free=True),
        "createVersion": Member(call=lambda held, run, given: words.Version(named(run, given)), arity=(1, None)),
        "getComponent": _choice("component", words.Component, is_free=True),
        "createComponent": Member(call=lambda held, run, given: words.Component(named(run, given)), arity=(1, None)),
        "getTableByName": _choice("table", Named, is_free=True),
        "getTableByLink": _choice("table", Named, is_free=True),
        "getReference": _choice("reference", Named, is_free=True),
        "getUserByEmail": Member(call=lambda held, run, given: held.by_email(run, given[0]), arity=(1, 2)),
        "getUserByUsername": Member(call=lambda held, run, given: held.user(run, given[0]), arity=(1, 2)),
        "getUserByFullName": Member(call=lambda held, run, given: held.user(run, given[0]), arity=(1, 2)),
        "getUser": Member(call=lambda held, run, given: held.user(run, given[0]), arity=(1, 2)),
        "isUserAssignable": Member(call=lambda held, run, given: held.is_assignable(run, given[-1]), arity=(1, 2)),
        "getOption": Member(call=lambda held, run, given: held.option(run, given), arity=(1, 3)),
        "getCustomField": Member(call=lambda held, run, given: held.custom(run, given), arity=(1, 2)),
        "getLocalIssueFromRemoteId": Member(
            call=lambda held, run, given: ticket_key(run, held.stage.ask(run, "ours_of_theirs", run.text(given[0]))),
            arity=(1, 2),
        ),
        "getLocalIssueFromRemoteUrn": Member(
            call=lambda held, run, given: ticket_key(run, held.stage.ask(run, "ours_of_theirs", run.text(given[0]))),
            arity=(1, 2),
        ),
        "getTicket": Member(
            call=lambda held, run, given: ticket_key(run, held.stage.ask(run, "ticket", run.text(given[0]))),
            arity=(1, 1),
        ),
        "stripHtml": Member(call=lambda held, run, given: stripped(run, given[0]), arity=(1, 1)),
        "stripHtmlFromComments": Member(call=lambda held, run, given: on_bodies(run, given[0], stripped), arity=(1, 1)),
        "toMarkDownFromHtml": Member(call=lambda held, run, given: stripped(run, given[0]), arity=(1, 1)),
        "toMarkDownComments": Member(call=lambda held, run, given: on_bodies(run, given[0], stripped), arity=(1, 1)),
        "toMarkDownFromWiki": Member(call=lambda held, run, given: given[0], arity=(1, 1)),
        "toHtml": Member(call=lambda held, run, given: given[0], arity=(1, 1)),
        "getHtmlField": Member(call=lambda held, run, given: run.get(given[0], run.text(given[1])), arity=(2, 2)),
        "getHtmlComments": Member(call=lambda held, run, given: run.get(given[0], "comments"), arity=(1, 1)),
        "escapeMarkdown": Member(call=lambda held, run, given: escaped(run.text(given[0])), arity=(1, 1)),
        "requireChoice": Member(call=lambda held, run, given: held.required(run, given), arity=(2, 2)),
    }

    def __init__(self, stage: Stage, customs: Any) -> None:
        self.stage = stage
        self.customs = customs

    def by_email(self, run: "Run", email: Any) -> Any:
        return None if not email else user_of(self.stage.person(run, email=run.text(email)))

    def user(self, run: "Run", called: Any) -> Any:
        """By e-mail address, or by full name where only one person has it."""
        if not called:
            return None
        text = run.text(called.as_text() if isinstance(called, HostObject) else called)
        found = self.stage.person(run, email=text) if "@" in text else self.stage.person(run, name=text)
        return user_of(found)

    def is_assignable(self, run: "Run", user: Any) -> bool:
        if not user:
            return False
        text = run.text(user.as_text() if isinstance(user, HostObject) else user)
        found = self.stage.person(run, email=text) if "@" in text else self.stage.person(run, name=text)
        return found is not None and found.is_agent

    def option(self, run: "Run", given: list[Any]) -> Any:
        """`getOption(issue, "Field", "Choice")`, or the name alone: null for a choice that the field does not have."""
        asked = given[-1]
        if asked is None:
            return None
        field = self.stage.field(run.text(given[-2])) if len(given) > 1 and type(given[-2]) is str else None
        if field is None or not field.choices:
            return Named(run.text(asked))
        found = label_like(run.text(asked), field.labels)
        return None if found is None else Named(found)

    def custom(self, run: "Run", given: list[Any]) -> Any:
        names = [one for one in given if type(one) is str]
        return run.get(self.customs, names[-1]) if names else None

    def required(self, run: "Run", given: list[Any]) -> Any:
        """`requireChoice("status", word)`: our desk's spelling, and an error that lists ours for a word of theirs that
        we do not have."""
        field, theirs = run.text(given[0]), given[1]
        labels = self.stage.scene.facts.labels(field)
        if labels is None:
            return theirs
        found = label_like(run.text(theirs), labels) if theirs is not None else None
        if found is None:
            run.fail(TROUBLE, unknown_choice(field, "None" if theirs is None else run.text(theirs), labels))
        return found


def unknown_choice(field: str, theirs: str, labels: tuple[str, ...]) -> str:
    return (
        f"Your partner's {field} “{theirs}” is none of your desk's. Yours are: {', '.join(labels)}. Add it to your"
        " desk's form, or ask your partner to choose another one; then press Retry."
    )


def named(run: "Run", given: list[Any]) -> str:
    """Of `createVersion(issue, "1.0", …)` the name."""
    return next((one for one in given if type(one) is str), "")


class _Text(HTMLParser):
    """The words of HTML; blocks and breaks become line breaks."""

    _BREAKS = frozenset({"br", "p", "div", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table"})
    _SILENT = frozenset({"script", "style", "head"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in self._SILENT
        if tag in self._BREAKS and self.parts and not self.parts[-1].endswith("\n"):
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._silent = max(0, self._silent - (tag in self._SILENT))
        if tag in self._BREAKS - {"br"} and self.parts and not self.parts[-1].endswith("\n"):
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.parts.append(data)


def stripped(run: "Run", value: Any) -> Any:
    """The text of HTML. Our own texts are CommonMark without tags and stay as they are."""
    if value is None:
        return None
    text = run.text(value)
    if "<" not in text and "&" not in text:
        return text
    run.string(len(text))
    run.steps(len(text) >> 4)
    reader = _Text()
    reader.feed(text)
    reader.close()
    return "".join(reader.parts).strip()


def on_bodies(run: "Run", comments: Any, change: Any) -> list[Any]:
    """The same comments, each body changed."""
    found = list(run.items(comments))
    for comment in found:
        run.set(comment, "body", change(run, run.get(comment, "body")))
    return found


__all__ = ["NodeHelper", "label_like"]
