# ruff: noqa: E501 - rules are shown as people write them
"""Rules in the various ways in which people write them: name, side, text, and what must come out of it."""

from collections.abc import Callable
from typing import Any

from rules.host.scene import Outcome

Case = tuple[str, str, str, Callable[[Outcome], Any], Any]

CASES: tuple[Case, ...] = (
    ("a plain copy", "out", """
replica.key            = issue.key
replica.type           = issue.type
replica.assignee       = issue.assignee
replica.summary        = issue.summary
replica.labels         = issue.labels
replica.comments       = issue.comments
replica.status         = issue.status
replica.attachments    = issue.attachments
""", lambda o: (o.fields["key"], o.fields["type"], o.fields["tags"], o.fields["assignee"]["email"], len(o.comments)),
     ("#7", "Incident", ["fire", "hardware"], "ann@ours.example", 3)),
    ("custom fields of several kinds leave as plain values", "out", """
replica.customFields."Affected site" = issue.customFields."Affected site"
replica.customFields."Cost" = issue.customFields."Cost"
replica.customFields."Go live" = issue.customFields."Go live"
replica.customFields."Teams" = issue.customFields.Teams
replica.customFields."Needs approval" = issue.customFields."Needs approval"
replica.customFields."Area" = issue.customFields."Area"
replica.site = issue.customFields."Affected site"?.value?.value
""", lambda o: dict(o.fields), {
        "custom.Affected site": "Berlin", "custom.Cost": 12.5, "custom.Go live": "2026-04-01T00:00:00Z",
        "custom.Teams": ["Red"], "custom.Needs approval": True, "custom.Area": {"value": "IT", "child": "Laptop"},
        "site": "Berlin",
     }),
    ("only public comments, with a prefix", "out", """
replica.comments = issue.comments.findAll { !it.internal }.collect { c ->
    c.body = "[${c.author?.displayName}] " + c.body
    c
}
""", lambda o: o.comments[0].text, "[Bob Buyer] Please hurry"),
    ("a status map on the way out", "out", """
def statusMap = [
    "Open"    : "New",
    "Resolved": "Done",   // trailing comma
]
replica.status = statusMap[issue.status.name] ?: issue.status.name
replica.raw = statusMap[issue.status]
""", lambda o: (o.fields["status"], o.fields["raw"]), ("New", "New")),
    ("nothing leaves for another priority", "out", """
if (issue.priority.name != "Urgent") return
replica.summary = issue.summary
""", lambda o: dict(o.fields), {}),
    ("files by type and size", "out", """
replica.attachments = issue.attachments.findAll { it.filename.toLowerCase().endsWith(".png") && it.filesize < 1_000_000 }
""", lambda o: o.files, ("5",)),
    ("files of internal notes stay where the notes stay", "out", """
replica.comments = issue.comments.findAll { it.internal == false }
replica.attachments = issue.attachments
""", lambda o: o.files, ("5", "8")),
    ("tags decide", "out", """
if (issue.labels.any { it.label == "fire" } && "hardware" in issue.labels*.name) {
    replica.summary = "[FIRE] ${issue.summary}"
    replica.customKeys = ["source": connection.name, count: issue.tags.size()]
}
""", lambda o: (o.fields["summary"], o.fields["customKeys"]), ("[FIRE] Printer is on fire", {"source": "globex", "count": 2})),
    ("functions, switch and dates", "out", """
String level(p) {
    switch (p) {
        case "Urgent":
        case "High": return "P1"
        case ~/Med.*/: return "P2"
        default: return "P3"
    }
}
replica.level = level(issue.priority)
replica.due = issue.dueDate?.format("yyyy-MM-dd")
replica.dueDate = issue.dueDate
""", lambda o: (o.fields["level"], o.fields["due_by"]), ("P1", "2026-03-05T10:00:00Z")),
    ("entity of a desk with tables", "out", """
replica.short_description = entity.short_description
replica.urgency = entity.urgency
replica.state = entity.state?.name
replica.caller = entity.caller?.email
replica.u_unknown = entity.u_unknown
""", lambda o: dict(o.fields), {"short_description": "Printer is on fire", "urgency": "High", "state": "Open",
                                "caller": "bob@ours.example", "u_unknown": None}),
    ("a plain copy coming in", "in", """
if (firstSync) {
    issue.projectKey = "SUP"
    issue.typeName = nodeHelper.getIssueType(replica.type?.name, issue.projectKey)?.name ?: "Incident"
}
issue.summary      = replica.summary
issue.description  = nodeHelper.stripHtml(replica.description)
issue.labels       = replica.labels
issue.comments     = commentHelper.mergeComments(issue, replica)
issue.attachments  = attachmentHelper.mergeAttachments(issue, replica)
""", lambda o: (o.fields, [c.id for c in o.comments], o.files), (
        {"summary": "VPN is slow", "description": "Since Monday", "tags": ["vpn", "remote"]},
        ["91", "92", "90"], ("95", "96"))),
    ("the first run sets what only a new ticket gets", "first", """
if (firstSync) {
    issue.typeName = "Incident"
    issue.project = nodeHelper.getProject("X") ?: null
}
issue.summary = replica.key + ": " + replica.summary
""", lambda o: dict(o.fields), {"type": "Incident", "summary": "G-42: VPN is slow"}),
    ("status map with a default, and the setter call", "in", """
def statusMapping = ["New": "Open", "In Progress": "Pending", "Done": "Resolved"]
def remoteStatusName = replica.status.name
issue.setStatus(statusMapping[remoteStatusName] ?: remoteStatusName)
""", lambda o: dict(o.fields), {"status": "Pending"}),
    ("the assignee with a fallback", "in", """
def defaultUser = nodeHelper.getUserByEmail("bob@ours.example")
issue.assignee = nodeHelper.getUserByEmail(replica.assignee?.email) ?: defaultUser
issue.reporter = nodeHelper.getUserByEmail(replica.reporter?.email) ?: defaultUser
""", lambda o: dict(o.fields), {"assignee": "ann@ours.example", "requester": "bob@ours.example"}),
    ("comments arrive as internal notes", "in", """
issue.comments = commentHelper.mergeComments(issue, replica, { it.internal = true; it })
""", lambda o: [c.is_public for c in o.comments], [False, False, False]),
    ("the assigned value of a closure is no comment", "in", """
issue.comments = commentHelper.mergeComments(issue, replica, { it.internal = true })
""", lambda o: ([c.is_public for c in o.comments], o.comments[0].text), (
        [False, False, False], "**Cy Call** (Globex):\n\nWe look at it")),
    ("comments with a head of the rule's own", "in", """
issue.comments = commentHelper.mergeComments(issue, replica) { comment ->
    comment.body = comment.author.displayName + " wrote on " + comment.created.format("dd.MM.yyyy") + ":\\n" + comment.body
    comment.executor = nodeHelper.getUserByEmail(comment.author?.email)
    comment
}
""", lambda o: o.comments[0].text, "Cy Call wrote on 02.03.2026:\nWe look at it"),
    ("only added comments, by hand", "in", """
replica.addedComments.findAll { !it.internal }.each { comment ->
    issue.comments = commentHelper.addComment("Partner says: ${comment.body}", true, issue.comments)
}
""", lambda o: ([c.text for c in o.own_comments], o.own_comments[0].is_public, o.comments),
     (["Partner says: We look at it"], False, ())),
    ("added comments joined to ours", "in", """
issue.comments += replica.addedComments.collect { it.body = "> " + it.body; it }
""", lambda o: [(c.id, c.text) for c in o.comments], [("91", "> We look at it"), ("92", "> Internal: blame *them*")]),
    ("custom fields by label and by name", "in", """
issue.customFields."Affected site".value = "Oslo"
issue.customFields."External key".value = replica.key
issue.customFields.cost.value = 7.25
issue.customFields["Teams"].value = ["Red", nodeHelper.getOption(issue, "Teams", "blue")]
issue.customFields."Root".value = replica.customFields."Nothing"?.value
issue.customFields."Go live".value = new Date(0)
""", lambda o: dict(o.fields), {
        "custom.affected_site": "Oslo", "custom.external_key": "G-42", "custom.cost": 7.25,
        "custom.teams": ["Red", "Blue"], "custom.Root": None, "custom.go_live": "1970-01-01"}),
    ("a custom field that the partner has", "in", """
def cause = replica.customFields."Root cause"?.value
if (cause) issue.description = "${replica.description}\\n\\nCause: ${cause}"
issue.customFields."External key" = replica.customFields."Root cause"
""", lambda o: dict(o.fields), {"description": "Since <b>Monday</b>\n\nCause: Router", "custom.external_key": "Router"}),
    ("labels added, removed and joined", "in", """
issue.labels += nodeHelper.getLabel("from-globex")
issue.labels.removeAll { it.label == "fire" }
issue.customFields."External key".value = issue.labels.collect { it.label }.join(",")
""", lambda o: dict(o.fields), {"tags": ["hardware", "from-globex"], "custom.external_key": "hardware,from-globex"}),
    ("priority by a nested map, with safe navigation", "in", """
def priorities = [Urgent: [name: "High", urgency: "High"], Low: [name: "Low"]]
def p = priorities[replica.priority?.name]
issue.priority = p?.name ?: "Medium"
issue.urgency  = p?.urgency
""", lambda o: dict(o.fields), {"priority": "High", "urgency": "High"}),
    ("a group by a field of the partner", "in", """
switch (replica.customFields."Root cause"?.value) {
    case ["Router", "Switch"]:
        issue.group = nodeHelper.getGroup("network")
        break
    default:
        issue.group = "Desktop"
}
""", lambda o: dict(o.fields), {"group": "Network"}),
    ("a wish for another entity's fields is noted", "in", """
entity.short_description = replica.summary
entity.u_vendor_ticket = replica.key
incident.assignment_group = "Network"
""", lambda o: (o.fields, o.log), ({"summary": "VPN is slow", "group": "Network"},
                                   (("warn", "your desk has no field u_vendor_ticket: it is not written"),))),
    ("work items have fields of their own world", "in", """
workItem.summary       = replica.summary
workItem.areaPath      = replica.areaPath ?: "Default"
workItem.iterationPath = replica.iterationPath
workItem."System.Title" = "T: " + workItem.summary
workItem.fixVersions   = replica.fixVersions.collect { v -> nodeHelper.createVersion(issue, v.name, v.description) }
workItem.workLogs      = workLogHelper.mergeWorkLogs(issue, replica)
workItem.customFields."External key".value = workItem.areaPath
""", lambda o: dict(o.fields), {"summary": "T: VPN is slow", "custom.external_key": "Default"}),
    ("a link to an existing ticket", "first", """
import com.exalate.basic.domain.BasicIssueKey
if (firstSync && replica.parentId) {
    def existing = new BasicIssueKey("12", "#12")
    return new scala.Tuple2(existing, scala.collection.JavaConverters.asScalaBuffer(traces).toSeq())
}
issue.summary = replica.summary
""", lambda o: (o.link_to, dict(o.fields)), ("#12", {})),
    ("a link to an existing ticket by Groovy's own pair", "first", """
import com.exalate.basic.domain.BasicIssueKey
return new Tuple2(new BasicIssueKey("12", "#12"), traces)
""", lambda o: o.link_to, "#12"),
    ("a link by the helper, with traces", "first", """
import com.exalate.basic.domain.BasicNonPersistentTrace
import com.exalate.api.domain.twintrace.TraceType
import com.exalate.api.domain.twintrace.TraceAction
traces.add(new BasicNonPersistentTrace().setType(TraceType.COMMENT).setToSynchronize(true)
    .setLocalId("1").setRemoteId("91").setAction(TraceAction.NONE))
syncHelper.exalate(new BasicIssueKey(12, "#12"))
return
""", lambda o: o.link_to, "#12"),
    ("store first, then go on", "first", """
if (firstSync) {
    issue.summary = replica.summary
    issue.typeName = "Incident"
    store(issue)
}
issue.description = "This is ${issue.key}, ${issueKey.urn}"
syncHelper.syncBackAfterProcessing()
""", lambda o: (o.stored, o.used_once, o.sync_back_after, o.fields["description"]),
     ("70", True, True, "This is #70, #70")),
    ("a change against the previous replica", "in", """
if (previous?.priority?.name != replica.priority.name) {
    issue.comments = commentHelper.addComment("Priority: ${previous?.priority?.name} -> ${replica.priority.name}", issue.comments)
}
""", lambda o: [c.text for c in o.own_comments], ["Priority: Low -> Urgent"]),
    ("a regular expression finds the key", "in", """
def matcher = replica.description =~ /<b>(\\w+)<\\/b>/
if (matcher.find()) { issue.customFields."External key".value = matcher.group(1) }
issue.summary = replica.summary.replaceAll(/\\s+/, "_").take(6)
""", lambda o: dict(o.fields), {"custom.external_key": "Monday", "summary": "VPN_is"}),
    ("a class of the rule's own, given what it needs", "in", """
class Mapper {
    Map table
    String fallback
    Mapper(Map table, String fallback) { this.table = table; this.fallback = fallback }
    String of(String name) { return table.get(name) ?: fallback }
}
issue.status = new Mapper(["In Progress": "Pending"], "Open").of(replica.status.name)
""", lambda o: dict(o.fields), {"status": "Pending"}),
    ("errors caught and logged", "in", """
try {
    issue.priority = replica.nothing.name
} catch (Exception e) {
    log.warn("no priority: " + e.message)
    issue.priority = "Low"
}
""", lambda o: (o.fields, o.log), ({"priority": "Low"},
                                   (("warn", "no priority: Cannot get property 'name' on null object"),))),
    ("null stays away from fields that were not told", "in", """
issue.summary = replica.summary
issue.description = replica.descriptionOfNothing ?: replica.description
issue.status = replica.stateOfNothing ?: issue.status
""", lambda o: o.fields["status"], "Open"),
)  # fmt: skip
