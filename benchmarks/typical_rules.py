"""A typical pair of rules, about what people write, and the same as one would write it in Python."""

from datetime import UTC, datetime
from typing import Any

from rules.host.scene import Scene, SeenComment, SeenReplica, SeenTicket
from sync.rule import RuleSide

NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
COMMENTS = 50

OUTGOING = """
def statuses = ["Open": "New", "Pending": "Waiting", "Resolved": "Done", "Closed": "Done"]
replica.key = issue.key
replica.summary = "[ACME] ${issue.summary}"
replica.description = issue.description ?: ""
replica.status = statuses[issue.status?.name] ?: "New"
replica.priority = issue.priority
replica.labels = issue.labels
replica.first = 1
replica.second = replica.first + 1
replica.third = "x${replica.second}"
replica.fourth = replica.third.toUpperCase()
replica.fifth = ["a", "b"].join("-")
replica.sixth = replica.fifth.replace("-", "+")
replica.seventh = issue.summary?.size() ?: 0
replica.eighth = replica.seventh > 3
replica.ninth = replica.eighth ? "long" : "short"
replica.tenth = replica.ninth + "!"
replica.eleventh = 10 / 4
replica.twelfth = [1, 2, 3].collect { it * 2 }
replica.bodies = issue.comments.collect { comment ->
    comment.internal ? null : "${comment.author?.displayName}: ${comment.body}"
}.findAll { it }.join(" | ")
replica.comments = issue.comments.findAll { !it.internal }
"""

INCOMING = """
def statuses = ["New": "Open", "Waiting": "Pending", "Done": "Resolved"]
def priorities = ["High": "Urgent", "Low": "Low"]
def name = replica.status instanceof String ? replica.status : replica.status?.name
issue.summary = "From partner: ${replica.summary}"
issue.description = replica.description ?: "none"
issue.status = statuses[name] ?: "Open"
issue.priority = priorities[replica.priority?.toString()] ?: "Medium"
issue.labels = ["partner"]
def words = replica.comments.collect { it.body.trim().toLowerCase() }.findAll { it.contains("a") }
if (words.size() > 10) { issue.labels += "busy" }
issue.comments = commentHelper.mergeComments(issue, replica)
"""


def plain_outgoing(ticket: dict[str, Any]) -> dict[str, Any]:
    """What OUTGOING does, as one would write it in Python."""
    statuses = {"Open": "New", "Pending": "Waiting", "Resolved": "Done", "Closed": "Done"}
    sent: dict[str, Any] = {"key": ticket["key"], "summary": f"[ACME] {ticket['summary']}"}
    sent["description"] = ticket["description"] or ""
    sent["status"] = statuses.get(ticket["status"], "New")
    sent["priority"], sent["labels"] = ticket["priority"], ticket["labels"]
    sent["first"] = 1
    sent["second"] = sent["first"] + 1
    sent["third"] = f"x{sent['second']}"
    sent["fourth"] = sent["third"].upper()
    sent["fifth"] = "-".join(["a", "b"])
    sent["sixth"] = sent["fifth"].replace("-", "+")
    sent["seventh"] = len(ticket["summary"])
    sent["eighth"] = sent["seventh"] > 3
    sent["ninth"] = "long" if sent["eighth"] else "short"
    sent["tenth"] = sent["ninth"] + "!"
    sent["eleventh"] = 10 / 4
    sent["twelfth"] = [number * 2 for number in [1, 2, 3]]
    sent["bodies"] = " | ".join(f"{one['author']}: {one['body']}" for one in ticket["comments"] if not one["internal"])
    sent["comments"] = [one for one in ticket["comments"] if not one["internal"]]
    return sent


def plain_incoming(replica: dict[str, Any]) -> dict[str, Any]:
    """What INCOMING does."""
    statuses = {"New": "Open", "Waiting": "Pending", "Done": "Resolved"}
    priorities = {"High": "Urgent", "Low": "Low"}
    written: dict[str, Any] = {"summary": f"From partner: {replica['summary']}"}
    written["description"] = replica["description"] or "none"
    written["status"] = statuses.get(replica["status"], "Open")
    written["priority"] = priorities.get(replica["priority"], "Medium")
    words = [body for one in replica["comments"] if "a" in (body := one["body"].strip().lower())]
    written["labels"] = ["partner", "busy"] if len(words) > 10 else ["partner"]
    written["comments"] = [dict(one) for one in replica["comments"]]
    return written


def scenes() -> tuple[Scene, Scene]:
    """One for each side, with fifty comments."""
    comments = tuple(
        SeenComment(str(number), f"Comment {number} about the matter", author="Ann", is_public=number % 5 > 0)
        for number in range(COMMENTS)
    )
    fields = {
        "summary": "Printer smokes",
        "description": "A lot.",
        "status": "Open",
        "priority": "High",
        "tags": ["it"],
    }
    ticket = SeenTicket("372", "#372", "https://desk.example/372", fields=fields, comments=comments)
    replica = SeenReplica(
        fields={"summary": "Printer smokes", "description": "A lot.", "status": "Waiting", "priority": "High"},
        comments=comments,
    )
    return (
        Scene(side=RuleSide.OUTGOING, ticket=ticket, now=NOW),
        Scene(side=RuleSide.INCOMING, ticket=ticket, replica=replica, now=NOW),
    )
