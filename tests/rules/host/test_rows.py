# ruff: noqa: E501 - rules are shown as people write them
"""What rules of people ask for, a line each: what comes of it."""

from dataclasses import replace
from typing import Any

import pytest

from rules.host.known import known_names
from rules.language.check import check
from sync.rule import RuleSide
from tests.rules.host.scenes import FACTS, REPLICA, TICKET, Node, incoming, outgoing

ANSWER = {"status": 200, "headers": {}, "text": '{"id": 7, "list": [1]}'}
NODE = Node(
    answers={
        ("ours_of_theirs", "41"): {"id": "5", "shown": "#5", "url": "https://ours.example/5"},
        ("theirs_of_ours", "#7"): {"id": "9", "shown": "G-9", "url": "https://theirs.example/9"},
        **{("http", f"{verb} /x"): ANSWER for verb in ("GET", "POST", "PUT", "PATCH", "DELETE")},
    }
)
INCOMING: list[tuple[str, dict[str, Any]]] = [
    ("issue.summary = httpClient.get('/x', [a: '1'])?.list[0] + ''", {"summary": "1"}),
    ("issue.summary = httpClient.post('/x', '{}').id + ''", {"summary": "7"}),
    ("issue.summary = httpClient.put('/x', [a: 1], [:]).id + ''", {"summary": "7"}),
    ("issue.summary = httpClient.patch('/x', '{}').id + '' + httpClient.delete('/x').id", {"summary": "77"}),
    (
        "issue.summary = httpClient.http('PUT', '/x', '{}', null, ['Content-Type': ['application/json']]) { req, res -> if (res.code >= 300) debug.error('no'); res.json.id + '' }",
        {"summary": "7"},
    ),
    (
        "def text = httpClient.http('GET', '/x', [a: ['1']], null, [:]) { req, res -> res.body }\nissue.summary = new groovy.json.JsonSlurper().parseText(text).id + ''",
        {"summary": "7"},
    ),
    (
        "issue.type = nodeHelper.getIssueType(replica.type?.name, issue.projectKey) ?: nodeHelper.getIssueType('x')",
        {"type": "Incident"},
    ),
    ("issue.typeName = 'Incident'", {"type": "Incident"}),
    ("issue.setStatus('Pending')", {"status": "Pending"}),
    ("workItem.setStatus(nodeHelper.getStatus('pending'), true)", {"status": "Pending"}),
    ("issue.priority = [name: 'Low']", {"priority": "Low"}),
    ("issue.priority = nodeHelper.getPriority('low', issue)", {"priority": "Low"}),
    (
        "issue.assignee = nodeHelper.getUserByEmail('no@x') ?: nodeHelper.getUser('Ann Agent')",
        {"assignee": "ann@ours.example"},
    ),
    ("issue.reporter = replica.reporter", {"requester": "cy@theirs.example"}),
    ("issue.assignee = null; issue.dueDate = null", {"assignee": None, "due_by": None}),
    (
        "issue.labels = replica.labels.collect { it.label = it.label.replace('v', 'V'); it }",
        {"tags": ["Vpn", "remote"]},
    ),
    ("issue.labels = [nodeHelper.getLabel('x'), 'y']", {"tags": ["x", "y"]}),
    ("issue.labels << nodeHelper.getLabel('x')", {"tags": ["fire", "hardware", "x"]}),
    ("issue.labels.removeAll { it.label == 'fire' }", {"tags": ["hardware"]}),
    (
        "def twin = nodeHelper.getLocalIssueFromRemoteId(replica.parentId as Long)\nissue.parentId = twin?.id\nissue.summary = twin.key + twin.urn + twin.url",
        {"summary": "#5#5https://ours.example/5"},
    ),
    (
        "issue.summary = nodeHelper.getLocalIssueFromRemoteUrn('41')?.id + syncHelper.getLocalIssueKeyFromRemoteId('41', 'issue')?.urn",
        {"summary": "5#5"},
    ),
    (
        "issue.summary = syncHelper.isUnderSync(issue) ? syncHelper.getRemoteIssueUrl(issue) : ''",
        {"summary": "https://theirs.example/9"},
    ),
    (
        "traces.add(new com.exalate.basic.domain.hubobject.v1.BasicNonPersistentTrace().setLocalId('1').setRemoteId('2').setType(com.exalate.api.domain.twintrace.TraceType.COMMENT))\nissue.summary = traces.size() + ''",
        {"summary": "1"},
    ),
    (
        "issue.components = [nodeHelper.createComponent(issue, 'C', 'd', null, null)]\nissue.fixVersions = [nodeHelper.createVersion(issue, '1.0', 'x')]\nissue.summary = issue.components*.name.join() + issue.fixVersions*.name.join()",
        {"summary": "C1.0"},
    ),
    (
        "issue.project = nodeHelper.getProject('ABC'); issue.resolution = nodeHelper.getResolution('Done'); issue.summary = issue.project.key + issue.resolution.name",
        {"summary": "ABCDone"},
    ),
    (
        "issue.fixVersions = replica.fixVersions?.collect { nodeHelper.getVersion(it.name, issue.project) }; issue.summary = nodeHelper.getReference('r').name + nodeHelper.getTableByName('t').name",
        {"summary": "rt"},
    ),
    ("issue.customFields.'Teams'.value = [nodeHelper.getOption(issue, 'Teams', 'red')]", {"custom.teams": ["Red"]}),
    ("issue.customFields.'Affected site'.value = nodeHelper.getOption('Oslo')", {"custom.affected_site": "Oslo"}),
    (
        "issue.customFields['Affected site'].value = 'Oslo'; issue.cost = 3",
        {"custom.affected_site": "Oslo", "custom.cost": 3},
    ),
    (
        "issue.customFields.'Go live'.value = new Date(0); issue.customFields.needs_approval.value = false",
        {"custom.go_live": "1970-01-01", "custom.needs_approval": False},
    ),
    (
        "issue.customFields.'Area'.value = [value: 'IT', child: [value: 'Laptop']]",
        {"custom.area": "IT", "custom.sub_area": "Laptop"},
    ),
    (
        "issue.summary = replica.customFields.'Root cause'?.value?.value + replica.customFields.'Absent'?.value?.value",
        {"summary": "Routernull"},
    ),
    ("issue.summary = replica.customKeys.number ?: 'none'; issue.customKeys.'x' = 1", {"summary": "none"}),
    (
        "issue.summary = nodeHelper.getHtmlField(issue, 'description') + nodeHelper.toMarkDownFromHtml('<b>x</b>')",
        {"summary": "It **burns**.x"},
    ),
    (
        "issue.workLogs = workLogHelper.mergeWorkLogs(issue, replica) { it }; issue.summary = issue.workLogs.size() + ''",
        {"summary": "0"},
    ),
    (
        "issue.summary = issueKey.urn + ' ' + issueUrl + ' ' + entityType + ' ' + issue.created.format('yyyy')",
        {"summary": "#7 https://ours.example/tickets/7 ticket 2026"},
    ),
    ("entity.short_description = replica.summary; entity.u_foo = 'x'", {"summary": "VPN is slow"}),
    (
        "workItem.'System.Title' = 'x'; workItem.areaPath = 'a'; workItem.iterationPath = replica.iterationPath",
        {"summary": "x"},
    ),
    (
        "if (replica?.storyPoints) issue.summary = replica.storyPoints + ''; if (replica.caller == null) issue.priority = 'Low'",
        {"summary": "5", "priority": "Low"},
    ),
    (
        "switch (issue.status.name) { case ~/O.*/: issue.summary = 'open'; break; default: issue.summary = 'other' }",
        {"summary": "open"},
    ),
]
OUTGOING: list[tuple[str, dict[str, Any]]] = [
    ("replica.key = issue.key; replica.parentId = issue.parentId; replica.project = issue.project", {"key": "#7", "parentId": None, "project": None}),
    ("replica.customKeys.'number' = issue.id", {"customKeys": {"number": "7"}}),
    ("def none = replica.customKeys.'number'", {}),
    ("issue.customFields.each { name, field -> if (name == 'Cost') replica.customFields.\"$name\" = field }", {"custom.Cost": 12.5}),
    ("replica.site = issue.customFields.find { it.key == 'Affected site' }?.value?.value?.value", {"site": "Berlin"}),
    ("replica.area = issue.customFields.'Area'?.value?.child?.value; replica.extra = entity.u_x", {"area": "Laptop", "extra": None}),
    ("replica.since = issue.created; replica.until = issue.dueDate", {"since": "2026-02-01T08:00:00Z", "until": "2026-03-05T10:00:00Z"}),
    ("replica.issueLinks = issue.issueLinks; replica.watchers = issue.watchers", {"issueLinks": [], "watchers": []}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), INCOMING)
def test_what_an_incoming_rule_asks_for_is_there(text: str, wanted: dict[str, Any]) -> None:
    ticket = replace(TICKET, fields={**TICKET.fields, "created": "2026-02-01T08:00:00Z"})
    assert incoming(text, node=NODE, ticket=ticket, http_allowed=True).fields == wanted
    assert check(text, known_names(RuleSide.INCOMING, FACTS)) == ()


@pytest.mark.parametrize(("text", "wanted"), OUTGOING)
def test_what_an_outgoing_rule_asks_for_is_there(text: str, wanted: dict[str, Any]) -> None:
    ticket = replace(TICKET, fields={**TICKET.fields, "created": "2026-02-01T08:00:00Z"})
    assert outgoing(text, node=NODE, ticket=ticket).fields == wanted
    assert check(text, known_names(RuleSide.OUTGOING, FACTS)) == ()


def test_a_custom_field_that_arrives_as_a_text_stays_one() -> None:
    held = replace(REPLICA, fields={"custom.Key": "AB-1"})
    text = "def key = replica.customFields.'Key'.value\ndef f(String s) { s.take(2) }\nissue.summary = f(key) + key.value.size() + (key instanceof String)"
    assert incoming(text, replica=held).fields == {"summary": "AB4true"}
