"""Which incoming rules need our ticket read before they run."""

import pytest

from rules.host.looks import looks_at_our_ticket
from rules.shipped import shipped
from sync.rule import RuleSide


def test_the_rule_that_we_ship_looks_at_nothing() -> None:
    assert not looks_at_our_ticket(shipped(RuleSide.INCOMING))


@pytest.mark.parametrize(
    "text",
    [
        "issue.comments = commentHelper.mergeComments(issue, replica) { it.internal = true }",
        "issue.comments = commentHelper.addComment('Hello', true, issue.comments)",
        "issue.comments += replica.addedComments",
        "issue.comments = issue.comments + replica.addedComments",
        "workItem.attachments = attachmentHelper.mergeAttachments(workItem, replica)",
        "issue.attachments.addAll(replica.attachments)",
        "issue.comments << replica.comments[0]",
        "if (issue.status == 'Open' && issue.reporter?.email) issue.priority = 'Low'",
        "issue.customFields.'Cost'.value = replica.comments.size()",
        "store(issue); issue.setStatus('Open'); issue['summary'] = nodeHelper.getHtmlField(issue, 'description')",
        "issue.summary = replica.comments*.author*.displayName.join()",
        "replica.comments.each { issue.comments << it }",
        "replica.comments.each { c -> issue.comments = commentHelper.addComment(c.body, issue.comments) }",
        "issue.assignee = nodeHelper.getUser(replica.assignee?.email); issue['reporter'] = 'ann@ours.example'",
        "(issue.assignee, issue.status) = [replica.assignee, 'Open']",
        "issue.status = [a: 'Open'][replica.status.name]; issue.priority = issue.getPriority() ?: 'Low'",
        "if (nodeHelper.getHtmlField(issue, 'reporter').getEmail()) nodeHelper.getOption(issue, 'Site', 'Oslo')",
        "issue.summary = replica.owner",
        "issue.summary = (",
        "",
    ],
)
def test_what_only_adds_and_reads_fields_needs_no_look(text: str) -> None:
    assert not looks_at_our_ticket(text)


@pytest.mark.parametrize(
    "text",
    [
        "if (issue.comments.any { it.body.contains('x') }) issue.priority = 'Low'",
        "if (!issue?.attachments) issue.priority = 'Low'",
        "def all = issue.comments + replica.comments",
        "def merged = commentHelper.mergeComments(issue, replica); issue.comments = merged.findAll { it.body }",
        "issue.comments = commentHelper.mergeComments(issue, replica).unique()",
        "issue.comments = commentHelper.filterLocal(issue.comments)",
        "issue.comments = commentHelper.addComment('Number ' + issue.comments.size(), issue.comments)",
        "issue.getComments().each { log.info(it.body) }",
        "def ours = issue; ours.summary = 'x'",
        "issue.with { summary = 'x' }",
        "def f(one) { one.comments }\nf(issue)",
        "def name = 'comments'; issue[name].size()",
        'issue."$x" = 1',
        "issueBeforeScript.comments.size()",
        "entity.attachments.size()",
        "this.issue.comments",
        "issue.summary = issue.reporter?.displayName",
        "issue.assigned_to.name == 'Ann'",
        "nodeHelper.getHtmlComments(issue)",
        "issue['created']",
        "issue.getCreated()",
        "nodeHelper.getHtmlField(issue, 'comments')",
        "nodeHelper.getHtmlField(issue, 'created')",
        "nodeHelper.getHtmlField(issue, 'reporter')",
        "nodeHelper.getHtmlField(issue, replica.key)",
        "({ owner.issue.comments })()",
        "({ delegate.issue.comments })()",
        "({ thisObject.issue.comments })()",
        "def c = {}; c.owner.issue.comments",
        "def c = {}; c['owner'].issue.comments",
        "def c = {}; def n = 'delegate'; c[n].issue.comments",
        "def c = {}; c.getProperty('owner').issue.comments",
        "this['issue'].comments",
        "({ -> this })().issue.comments",
        "getProperty('issue').comments",
        "this.getProperty('issue').comments",
        "(this.&getProperty)('issue').comments",
        "invokeMethod('getProperty', 'issue').comments",
        '"${issue.reporter}"',
        "issue.reporter.toString()",
        "issue.reporter.getDisplayName()",
        "issue.getReporter().displayName",
        "issue['assignee'].displayName",
        "issue.assignee?.with { displayName }",
        "[issue.assignee]*.displayName",
        "def r = issue.reporter; r.displayName",
        "issue.assignee ?= 'x'",
        "assert issue.assignee.email == 'x'",
        "(issue.&getComments)()",
        "def (one) = [issue]; one.comments",
        "[issue].each { it.comments }",
        "nodeHelper.toHtml(issue).comments",
        "nodeHelper.toMarkDownFromWiki(issue).comments",
        "syncHelper.exalate(issue).comments",
        "nodeHelper.invokeMethod('toHtml', issue).comments",
        "def store(one) { one.comments }\nstore(issue)",
        "class A { def store(one) { one.comments } }\nnew A().with { store(issue) }",
        "def nodeHelper = [getUser: { it.comments }]; nodeHelper.getUser(issue)",
        "def f = { issue.comments += [] }; f().size()",
        "def f() { if (firstSync) { issue.comments << 1 } }\nf().size()",
        "[1].collect { issue.comments += [] }",
        "issue.comments = commentHelper.mergeComments(replica, issue) { log.info(it.body) }",
        "issue.comments*.add(5)",
        "issue.comments.add(1, replica.comments[0])",
        "issue.comments.addAll(*[1, replica.comments])",
        "x = " + "[" * 5_000 + "]" * 5_000,
    ],
)
def test_what_may_read_more_than_fields_does(text: str) -> None:
    assert looks_at_our_ticket(text)
