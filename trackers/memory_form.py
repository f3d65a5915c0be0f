"""The toy desk's form, with a field of nearly every kind, so that rules can be tried on it."""

from sync.form import DeskFacts, DeskField, FieldChoice, FieldType

_THREE = ("Low", "Medium", "High")
_CATEGORIES: dict[str, dict[str, tuple[str, ...]]] = {
    "Hardware": {"Computer": ("Mac", "PC"), "Printer": ()},
    "Network": {"Access": ("VPN", "Wi-Fi"), "Connectivity": ()},
}


def choices(*labels: str) -> tuple[FieldChoice, ...]:
    return tuple(FieldChoice(label) for label in labels)


def nested(tree: dict[str, dict[str, tuple[str, ...]]]) -> tuple[FieldChoice, ...]:
    """Three levels."""
    return tuple(
        FieldChoice(top, tuple(FieldChoice(middle, choices(*low)) for middle, low in below.items()))
        for top, below in tree.items()
    )


_LEVELS = ("sub_category", "item")
FIELDS = (
    DeskField("summary", "Subject", FieldType.TEXT, is_required=True),
    DeskField("description", "Description", FieldType.PARAGRAPH, is_required=True),
    DeskField("type", "Type", FieldType.CHOICE, choices("Incident", "Service Request")),
    DeskField("status", "Status", FieldType.CHOICE, choices("Open", "Pending", "Resolved", "Closed")),
    DeskField("priority", "Priority", FieldType.CHOICE, choices("Low", "Medium", "High", "Urgent")),
    DeskField("tags", "Tags", FieldType.TEXTS),
    DeskField("assignee", "Agent", FieldType.PERSON),
    DeskField("requester", "Requester", FieldType.PERSON),
    DeskField("group", "Group", FieldType.CHOICE, choices("Service Desk", "Network")),
    DeskField("department", "Department", FieldType.CHOICE, choices("Sales", "Finance")),
    DeskField("category", "Category", FieldType.NESTED, nested(_CATEGORIES), levels=_LEVELS),
    DeskField("sub_category", "Sub-Category", FieldType.NESTED, above="category", levels=("item",)),
    DeskField("item", "Item", FieldType.NESTED, above="sub_category"),
    DeskField("urgency", "Urgency", FieldType.CHOICE, choices(*_THREE)),
    DeskField("impact", "Impact", FieldType.CHOICE, choices(*_THREE)),
    DeskField("source", "Source", FieldType.CHOICE, choices("Email", "Portal", "Phone", "Chat")),
    DeskField("due_by", "Due by", FieldType.TIME),
    DeskField("first_response_due_by", "First response due by", FieldType.TIME),
)


def facts_of(fields: tuple[DeskField, ...]) -> DeskFacts:
    return DeskFacts(
        choices=tuple((field.name, field.labels) for field in fields if field.choices),
        required=frozenset(field.name for field in fields if field.is_required),
        custom=frozenset(field.name.removeprefix("custom.") for field in fields if field.name.startswith("custom.")),
        fields=fields,
    )


FACTS = facts_of(FIELDS)
