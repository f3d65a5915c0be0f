"""A pair in Script mode whose two desks have little in common: other statuses on the way, other people, other fields.

Statuses travel under words that neither desk has, people by their first names, and a custom field of one desk is
another one over there, text and number alike.
"""

from dataclasses import replace
from typing import Any

from pairing.terms import RulesMode
from storage.store import Transaction
from sync.form import DeskField, FieldType
from sync.rule import RuleSide, RuleVersion
from sync.ticket import Person
from tests.flows.two_sides import START, HalfPair

NAMES = ("ann", "bob", "cyd")
# What the same thing is called at either desk.
TWINS = {
    "acme": ("assignee", "custom.site", "custom.seats"),
    "globex": ("assignee", "custom.location", "custom.places"),
}
_LABELS = {"acme": ("Affected site", "Seats"), "globex": ("Location", "Places")}
_WORDS = "[Open: 'new', Pending: 'waiting', Resolved: 'done', Closed: 'archived']"

_OUTGOING = """
def words = {words}
replica.summary = issue.summary
replica.description = issue.description
replica.priority = issue.priority
replica.labels = issue.labels
replica.stage = words[issue.status.name]
replica.keeper = issue.assignee ? [nick: issue.assignee.email.split('@')[0], team: '{name}'] : null
replica.place = issue.customFields.'{site}'.value
replica.size = [count: issue.customFields.'{seats}'.value]
replica.comments = issue.comments
replica.attachments = issue.attachments
"""

_INCOMING = """
def words = {words}
issue.summary = replica.summary
issue.description = replica.description
issue.priority = replica.priority
issue.labels = replica.labels
issue.status = words.find {{ word -> word.value == replica.stage }}?.key ?: 'Open'
issue.assignee = replica.keeper ? nodeHelper.getUserByEmail(replica.keeper.nick + '@{name}.example') : null
issue.customFields.'{site}'.value = replica.place
issue.customFields.'{seats}'.value = replica.size?.count
issue.comments = commentHelper.mergeComments(issue, replica)
issue.attachments = attachmentHelper.mergeAttachments(issue, replica)
"""


def with_scripts(half: HalfPair, tx: Transaction) -> None:
    """This side's connection is in Script mode from its first ticket on."""
    connection = tx.connections.by_id(half.connection_id)
    tx.connections.save(replace(connection, rules=RulesMode.SCRIPT))
    site, seats = _LABELS[half.name]
    for side, text in ((RuleSide.OUTGOING, _OUTGOING), (RuleSide.INCOMING, _INCOMING)):
        filled = text.format(words=_WORDS, name=half.name, site=site, seats=seats)
        tx.rules.add(RuleVersion.of(half.connection_id, side, 1, filled, author="U1", note="", at=START))


def furnish(half: HalfPair) -> None:
    """The people and the fields that the desk has."""
    for name in NAMES:
        email = f"{name}@{half.name}.example"
        half.account.people[email] = Person(name.capitalize(), email, name, is_agent=True)
    _, site, seats = TWINS[half.name]
    site_label, seats_label = _LABELS[half.name]
    half.account.add_field(DeskField(site, site_label, FieldType.TEXT))
    half.account.add_field(DeskField(seats, seats_label, FieldType.NUMBER))


def value_for(half_name: str, field: str, chance: Any, count: int) -> Any:
    """What somebody may type there."""
    if field == "assignee":
        return f"{chance.choice(NAMES)}@{half_name}.example"
    return count if field.endswith(("seats", "places")) else f"site {count}"


def same(value: Any) -> Any:
    """A value as both sides would name it: people without their desk."""
    return value.split("@")[0] if isinstance(value, str) and "@" in value else value
