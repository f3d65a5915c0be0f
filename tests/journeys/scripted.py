"""A pair in Script mode for two real desks that have little in common: other statuses, other people, other fields.

What one desk calls Pending is a status of its own at the other one, and the other way round, so their numbers cross;
the same three agents have an address at either desk; and one desk's "Affected site" is the other one's "Location".
"""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, ClassVar

from sandbox.companies import Company
from sandbox.freshservice import FreshserviceStandIn, Ticket
from sandbox.story import modal_called
from tests.flows.ledger import Ledger

_AGENTS = ("ann", "bob", "cyd")
_FIELD = MappingProxyType({"acme": "affected_site", "globex": "location"})
_LABEL = MappingProxyType({"acme": "Affected site", "globex": "Location"})
_OWN_STATUS = MappingProxyType({"acme": "With vendor", "globex": "Parked"})
# The words that travel, by what each desk calls them.
_STATUSES = MappingProxyType(
    {
        "acme": {"new": "Open", "waiting": "Pending", "outside": "With vendor", "done": "Resolved"},
        "globex": {"new": "Open", "waiting": "Parked", "outside": "Pending", "done": "Resolved"},
    }
)

_OUTGOING = """
def words = {words}
replica.summary = issue.summary
replica.description = issue.description
replica.priority = issue.priority
replica.stage = words[issue.status.name]
replica.keeper = issue.assignee ? [nick: issue.assignee.email.split('@')[0], team: '{name}'] : null
replica.place = issue.customFields.'{label}'.value
replica.comments = issue.comments.findAll {{ !it.internal }}
replica.attachments = issue.attachments
"""

_INCOMING = """
def words = {words}
issue.summary = replica.summary
issue.description = replica.description
issue.priority = replica.priority
issue.status = words.find {{ word -> word.value == replica.stage }}.key
issue.assignee = replica.keeper ? nodeHelper.getUserByEmail(replica.keeper.nick + '@{name}.example') : null
issue.customFields.'{label}'.value = replica.place
issue.comments = commentHelper.mergeComments(issue, replica)
issue.attachments = attachmentHelper.mergeAttachments(issue, replica)
"""


def furnish(desk: FreshserviceStandIn) -> None:
    """The agents, the custom field and the status that the desk has."""
    name = desk.world.name
    for agent in _AGENTS:
        desk.people.add_agent(agent.capitalize(), f"{agent}@{name}.example")
    desk.form.add_custom(_FIELD[name])
    desk.form.add_status(_OWN_STATUS[name])


async def type_rules(company: Company, connection: str) -> None:
    """As its admin does: both editors, the difference, saved."""
    admin = company.admin
    await admin.command(f"/connect rules {connection}")
    await modal_called(admin, "Rules")
    for label, text in (("Outgoing rule", _OUTGOING), ("Incoming rule", _INCOMING)):
        await admin.type(label, _filled(text, company.desk.world.name))
    assert await admin.submit() == {}
    await modal_called(admin, "Compare and save")
    assert await admin.submit() == {}
    await modal_called(admin, "Rules saved")
    await admin.close_modal(everything=True)


def _filled(text: str, name: str) -> str:
    words = ", ".join(f"'{status}': '{word}'" for word, status in _STATUSES[name].items())
    return text.format(words=f"[{words}]", name=name, label=_LABEL[name])


@dataclass
class ScriptedLedger(Ledger):
    """Statuses, keepers and places are told in the words that travel."""

    FIELDS: ClassVar[tuple[str, ...]] = ("status", "priority", "keeper", "place")

    def choice(self) -> tuple[str, Any]:
        name = self.random.choice(self.FIELDS)
        choices: dict[str, Any] = {
            "status": tuple(_STATUSES["acme"]),
            "priority": (3, 4),
            "keeper": _AGENTS,
            "place": (f"site {self.count}",),
        }
        return name, self.random.choice(choices[name])

    def typed(self, desk: FreshserviceStandIn, name: str, value: Any) -> dict[str, Any]:
        at = desk.world.name
        if name == "status":
            return {"status": _STATUSES[at][value]}
        if name == "keeper":
            agent = desk.people.by_email(f"{value}@{at}.example")
            assert agent is not None
            return {"responder_id": agent.id}
        return {"custom_fields": {_FIELD[at]: value}} if name == "place" else {name: value}

    def shown(self, desk: FreshserviceStandIn, ticket: Ticket, name: str) -> Any:
        at = desk.world.name
        if name == "status":
            label = desk.form.label("status", ticket.status)
            return next((word for word, status in _STATUSES[at].items() if status == label), label)
        if name == "keeper":
            agent = desk.people.person(ticket.responder_id)
            return None if agent is None or agent.email is None else agent.email.partition("@")[0]
        return ticket.custom_fields.get(_FIELD[at]) if name == "place" else getattr(ticket, name)
