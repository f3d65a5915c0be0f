"""What the objects of one run share: the scene, the questions to the node, and what the rule asked for."""

import time
from typing import TYPE_CHECKING, Any

from rules.host.scene import CALLS, HostCalls, HttpWrite, Scene
from rules.language.raised import Raised
from sync.form import CUSTOM, DeskField, same
from sync.ticket import Person

if TYPE_CHECKING:
    from rules.language.run import Run

TROUBLE = "com.exalate.api.exception.IssueTrackerException"

# One field, whatever a rule calls it; the neutral name is what tickets and writes use.
ALIASES = {
    "title": "summary", "subject": "summary", "Subject": "summary", "short_description": "summary",
    "shortDescription": "summary", "System.Title": "summary", "name": "summary",
    "Description": "description", "System.Description": "description", "body": "description",
    "Status": "status", "state": "status", "statusName": "status", "System.State": "status",
    "Priority": "priority", "priorityName": "priority",
    "issueType": "type", "typeName": "type", "issueTypeName": "type", "ticketType": "type",
    "labels": "tags", "Tags": "tags", "System.Tags": "tags",
    "reporter": "requester", "caller": "requester", "requestor": "requester",
    "assigned_to": "assignee", "assignedTo": "assignee", "responder": "assignee", "agent": "assignee",
    "assignment_group": "group", "assignmentGroup": "group", "groupName": "group",
    "Urgency": "urgency", "Impact": "impact", "Category": "category",
    "subCategory": "sub_category", "subcategory": "sub_category",
    "due": "due_by", "dueDate": "due_by", "due_date": "due_by", "dueBy": "due_by",
    "firstResponseDueBy": "first_response_due_by",
}  # fmt: skip


def neutral(name: str) -> str:
    return ALIASES.get(name, name)


class Stage:
    """`wrote` says that the rule did something in the world, so that it must not run twice."""

    def __init__(self, scene: Scene, calls: HostCalls) -> None:
        self.scene = scene
        self.calls = calls
        self.http: list[HttpWrite] = []
        self.traces: list[Any] = []
        self.wrote = False
        self.link_to: str | None = None
        self.unlink_after = False
        self.sync_back_after = False
        self.stored: str | None = None

    def ask(self, run: "Run", name: str, *given: Any) -> Any:
        """The node's answer. Raises Raised where it refuses."""
        run.host_call(http=name == "http")
        arguments = dict(zip(CALLS[name].arguments, given, strict=True))
        begun = time.monotonic()
        answer = self.calls.ask(name, arguments)
        run.host_took(time.monotonic() - begun)
        if isinstance(answer, dict) and "error" in answer:
            run.fail(TROUBLE, str(answer["error"]))
        return answer

    def person(self, run: "Run", *, email: str | None = None, name: str | None = None) -> Person | None:
        """Somebody of our desk: those who are known already first."""
        for one in self.scene.people:
            if email is not None and one.email is not None and same(one.email, email):
                return one
            if name is not None and same(one.name, name):
                return one
        call, asked = ("person_by_email", email) if email is not None else ("person_by_name", name)
        held = self.ask(run, call, asked)
        if held is None:
            return None
        return Person(held["name"], held.get("email"), held.get("id"), bool(held.get("is_agent")))

    def field(self, called: str) -> DeskField | None:
        return self.scene.facts.field(called)

    def custom_name(self, called: str) -> str:
        """The neutral name of a custom field that a rule names by label or name."""
        field = self.field(CUSTOM + called.removeprefix(CUSTOM)) or self.field(called)
        return field.name if field is not None else CUSTOM + called.removeprefix(CUSTOM)

    def refuse(self, run: "Run", text: str) -> Raised:
        return Raised(run.throwable(TROUBLE, text))
