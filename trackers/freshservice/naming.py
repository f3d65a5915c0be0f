"""People, groups and departments: by number at the desk, by e-mail and name among our fields."""

from dataclasses import dataclass

from sync.fields import Fields, Value
from sync.ticket import Person
from trackers.freshservice.answers import DeskRefused
from trackers.freshservice.form import Form
from trackers.freshservice.http import Client
from trackers.freshservice.people import NOBODY, People
from trackers.freshservice.places import Places
from trackers.freshservice.record import Record
from trackers.freshservice.writing import PEOPLE, PLACES

_NO_AGENT = (
    "The desk has no agent with the e-mail address that assignee was given. Choose another one in the rule, then retry."
)
_NOBODY_THERE = (
    "The desk knows nobody with the e-mail address that requester was given; nobody is made. Choose another one in the"
    " rule, then retry."
)


@dataclass(frozen=True, slots=True)
class Names:
    """Of one account. Texts of refusals name no person."""

    client: Client
    people: People
    places: Places

    async def of(self, entry: Record, form: Form, workspace: int) -> tuple[dict[str, Value], Person | None]:
        """What an answer says of them, and the assignee. A call for an agent who was not met lately; groups and
        departments are in the form where it can be seen."""
        assignee = await self._agent(entry, form)
        requester = await self.people.by_id(self.client, entry.number("requester_id"), likely_agent=False)
        values: dict[str, Value] = {
            "assignee": called(assignee),
            "requester": None if requester is NOBODY else called(requester),
        }
        for name, theirs in PLACES.items():
            if theirs in entry.held:
                values[name] = await self.places.name(self.client, name, entry.number(theirs), form, workspace)
        return values, assignee

    def known(self, entry: Record, form: Form) -> dict[str, Value]:
        """As much of it as needs no call."""
        values: dict[str, Value] = {}
        for name, theirs in PEOPLE.items():
            number, person = entry.number(theirs), self.people.kept(entry.number(theirs))
            if theirs in entry.held and (number is None or person is not None):
                values[name] = called(person)
        for name, theirs in PLACES.items():
            number = entry.number(theirs)
            if theirs in entry.held and (number is None or form.label(name, number) is not None):
                values[name] = None if number is None else form.label(name, number)
        return values

    async def ids(self, fields: Fields, form: Form, workspace: int) -> dict[str, object]:
        """The desk's attributes for those that are written. Raises DeskRefused for what the desk does not know."""
        body: dict[str, object] = {}
        for name in PEOPLE:
            if name in fields:
                body[PEOPLE[name]] = await self._person_id(name, fields[name])
        for name in PLACES:
            if name in fields:
                body[PLACES[name]] = await self._place_id(name, fields[name], form, workspace)
        return body

    async def _agent(self, entry: Record, form: Form) -> Person | None:
        number = entry.number("responder_id")
        if number is None:
            return None
        person = await self.people.by_id(self.client, number, likely_agent=True)
        # One whom the key may not see is called by the number: nobody assigned would be another thing to say.
        return Person(str(number), None, str(number), True) if person is NOBODY else person

    async def _person_id(self, name: str, value: Value) -> int | None:
        if value in (None, ""):
            if name == "requester":
                raise DeskRefused(_NOBODY_THERE)
            return None
        text = str(value).strip()
        if _is_number(text):
            return int(text)
        find = self.people.agent_by_email if name == "assignee" else self.people.by_email
        known = await find(self.client, text)
        if known is None:
            raise DeskRefused(_NO_AGENT if name == "assignee" else _NOBODY_THERE)
        return known.id

    async def _place_id(self, name: str, value: Value, form: Form, workspace: int) -> int | None:
        if value in (None, ""):
            return None
        number = await self.places.number(self.client, name, str(value), form, workspace)
        if number is None:
            theirs = ", ".join(self.places.names(name, form, workspace))
            raise DeskRefused(f"The desk has no such {name}. It has: {theirs}. Choose one of these, then retry.")
        return number


def called(person: Person | None) -> str | None:
    return (person.email or person.name) if person else None


def _is_number(text: str) -> bool:
    """The desk's own number of somebody, as it stands where no address can be seen."""
    return text.isascii() and text.isdecimal() and 8 < len(text) <= 20
