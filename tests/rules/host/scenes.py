"""Scenes for tests: two desks with tickets that have everything."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from rules.host.run_rule import run_rule
from rules.host.scene import (
    Outcome,
    Scene,
    SeenComment,
    SeenConnection,
    SeenFile,
    SeenReplica,
    SeenTicket,
)
from sync.form import DeskFacts, DeskField, FieldChoice, FieldType
from sync.rule import RuleSide
from sync.ticket import Person

NOW = datetime(2026, 3, 2, 9, 15, 4, tzinfo=UTC)
ANN = Person("Ann Agent", "ann@ours.example", "11", is_agent=True)
BOB = Person("Bob Buyer", "bob@ours.example", "12")

FACTS = DeskFacts(
    (
        ("status", ("Open", "Pending", "Resolved", "Closed")),
        ("priority", ("Low", "Medium", "High", "Urgent")),
        ("type", ("Incident", "Service Request")),
        ("group", ("Network", "Desktop")),
    ),
    custom=frozenset({"affected_site", "cost", "go_live", "needs_approval", "teams", "area", "external_key"}),
    fields=(
        DeskField(
            "custom.affected_site", "Affected site", FieldType.CHOICE, (FieldChoice("Berlin"), FieldChoice("Oslo")),
        ),
        DeskField("custom.cost", "Cost", FieldType.DECIMAL),
        DeskField("custom.go_live", "Go live", FieldType.DATE),
        DeskField("custom.needs_approval", "Needs approval", FieldType.CHECKBOX),
        DeskField("custom.teams", "Teams", FieldType.CHOICES, (FieldChoice("Red"), FieldChoice("Blue"))),
        DeskField(
            "custom.area", "Area", FieldType.NESTED, (FieldChoice("IT", (FieldChoice("Laptop"),)),),
            levels=("custom.sub_area",),
        ),
        DeskField("custom.sub_area", "Sub area", FieldType.NESTED, above="custom.area"),
        DeskField("custom.external_key", "External key", FieldType.TEXT),
    ),
)  # fmt: skip

TICKET = SeenTicket(
    "7",
    "#7",
    "https://ours.example/tickets/7",
    {
        "summary": "Printer is on fire",
        "description": "It **burns**.",
        "type": "Incident",
        "status": "Open",
        "priority": "High",
        "tags": ["fire", "hardware"],
        "group": "Desktop",
        "urgency": "High",
        "category": "Hardware",
        "due_by": "2026-03-05T10:00:00Z",
        "assignee": "ann@ours.example",
        "custom.affected_site": "Berlin",
        "custom.cost": 12.5,
        "custom.go_live": "2026-04-01",
        "custom.needs_approval": True,
        "custom.teams": ["Red"],
        "custom.area": "IT",
        "custom.sub_area": "Laptop",
        "custom.external_key": None,
    },
    (
        SeenComment("1", "Please hurry", "Bob Buyer", "bob@ours.example", NOW),
        SeenComment("2", "He always says that", "Ann Agent", "ann@ours.example", NOW, is_public=False),
        SeenComment("3", "**Cy** (Globex):\n\nOn our way", "Drawbridge", None, NOW, twin="90", is_theirs=True),
    ),
    (
        SeenFile("5", "fire.png", 4000, "image/png"),
        SeenFile("6", "secret.txt", 10, "text/plain", comment_id="2"),
        SeenFile("8", "trace.log", 9_000_000, "text/plain", comment_id="1"),
    ),
    requester=BOB,
    assignee=ANN,
)

REPLICA = SeenReplica(
    "G-42",
    "https://theirs.example/42",
    {
        "summary": "VPN is slow",
        "description": "Since <b>Monday</b>",
        "type": "Incident",
        "status": "In Progress",
        "priority": "Urgent",
        "tags": ["vpn", "remote"],
        "assignee": {"displayName": "Ann Agent", "email": "ann@ours.example"},
        "storyPoints": 5,
        "custom.Root cause": "Router",
        "custom.Where": {"value": "IT", "child": "Laptop"},
        "parentId": "41",
    },
    (
        SeenComment("91", "We look at it", "Cy Call", "cy@theirs.example", NOW),
        SeenComment("92", "Internal: blame *them*", "Di Desk", "di@theirs.example", NOW, is_public=False),
        SeenComment("90", "On our way, really", "Cy Call", "cy@theirs.example", NOW, twin="3"),
    ),
    (SeenFile("95", "vpn.log", 2000, "text/plain"), SeenFile("96", "big.iso", 80_000_000, "application/x-iso")),
    removed=(SeenComment("89", "", twin="4", is_theirs=True),),
    requester=Person("Cy Call", "cy@theirs.example"),
)
CONNECTION = SeenConnection(
    "globex", "acme", "Globex", "private", "inviter", "https://ours.example", "https://theirs.example"
)


@dataclass
class Node:
    """Answers what rules ask, from what it holds. Implements HostCalls."""

    people: tuple[Person, ...] = (ANN, BOB)
    answers: Mapping[tuple[str, str], Any] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def ask(self, name: str, arguments: dict[str, Any]) -> Any:
        self.asked.append((name, arguments))
        if name.startswith("person"):
            wanted = arguments.get("email") or arguments.get("name")
            found = next((one for one in self.people if wanted in (one.email, one.name)), None)
            return found and {"name": found.name, "email": found.email, "id": found.id, "is_agent": found.is_agent}
        if name == "store":
            return {"id": "70", "shown": "#70", "url": "https://ours.example/tickets/70"}
        key = f"{arguments['method']} {arguments['path']}" if name == "http" else next(iter(arguments.values()))
        return self.answers.get((name, key))


def outgoing(text: str, *, node: Node | None = None, **changes: Any) -> Outcome:
    """The rule on our ticket."""
    given: dict[str, Any] = {"ticket": TICKET, "facts": FACTS, "connection": CONNECTION, **changes}
    return run_rule(text, Scene(RuleSide.OUTGOING, NOW, **given), node or Node())


def incoming(text: str, *, node: Node | None = None, **changes: Any) -> Outcome:
    """The rule on the partner's replica, with our twin there; `ticket=None` for the first run."""
    given: dict[str, Any] = {
        "ticket": TICKET, "replica": REPLICA, "facts": FACTS, "connection": CONNECTION, **changes,
    }  # fmt: skip
    return run_rule(text, Scene(RuleSide.INCOMING, NOW, **given), node or Node())
