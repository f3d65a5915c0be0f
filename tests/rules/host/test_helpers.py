# ruff: noqa: E501 - rules are shown as people write them
from dataclasses import replace
from typing import Any

import pytest

from rules.errors import RuleError
from rules.host.scene import SeenComment
from tests.rules.host.scenes import REPLICA, Node, incoming, outgoing


def stopped_by(text: str, **given: Any) -> RuleError:
    with pytest.raises(RuleError) as stopped:
        incoming(text, **given)
    return stopped.value


@pytest.mark.parametrize(
    "text",
    [
        'if (replica.key) {\n  debug.error("Not this one: ${replica.key}")\n}',
        'import com.exalate.api.exception.IssueTrackerException\nthrow new IssueTrackerException("Not this one: G-42")',
        '\nthrow new com.exalate.api.exception.IssueTrackerException("Not this one: G-42")',
    ],
)
def test_a_rule_stops_with_its_own_sentence(text: str) -> None:
    stop = stopped_by(text)
    assert str(stop) == "Not this one: G-42"
    assert stop.line == 2


def test_other_errors_are_groovys_words_and_a_place() -> None:
    stop = stopped_by("issue.summary = replica.nothing.name")
    assert str(stop).startswith("NullPointerException: Cannot get property 'name' on null object (line 1, column ")
    assert "No such property: sumary for class: Issue" in str(stopped_by('issue.sumary = "x"'))
    assert "No signature of method: NodeHelper.getStatuses()" in str(stopped_by("nodeHelper.getStatuses(1, 2, 3)"))


def test_a_text_that_is_no_rule_says_where() -> None:
    assert stopped_by("issue.summary = (").line == 1


@pytest.mark.parametrize("name", ["__class__", "draft", "stage", "__dict__", "holders", "get_member", "MEMBERS"])
@pytest.mark.parametrize("of", ["issue", "replica.comments[0]", "nodeHelper", "httpClient", "connection", "syncHelper"])
def test_nothing_of_python_answers(of: str, name: str) -> None:
    assert "No such property" in str(stopped_by(f'def x = {of}."{name}"'))


def test_open_bags_answer_null_to_names_of_python() -> None:
    out = incoming('issue.summary = "${replica.__class__} ${replica.stage} ${entity.draft}"')
    assert out.fields["summary"] == "null null null"


def test_http_is_off_unless_allowed() -> None:
    assert "httpClient is off for this connection. An admin switches it on" in str(
        stopped_by('httpClient.get("/tickets/7")')
    )


@pytest.mark.parametrize("path", ["https://evil.example/x", "//evil.example", "tickets", "/a\\b"])
def test_http_takes_paths_only(path: str) -> None:
    text = path.replace("\\", "\\\\")
    assert "paths of your own desk" in str(stopped_by(f'httpClient.get("{text}")', http_allowed=True))


def test_http_reads_json_and_counts_as_reading() -> None:
    node = Node(answers={("http", "GET /tickets/7"): {"status": 200, "headers": {}, "text": '{"ticket": {"id": 7}}'}})
    out = incoming('issue.summary = "T" + httpClient.get("/tickets/7").ticket.id', node=node, http_allowed=True)
    assert out.fields == {"summary": "T7"}
    assert not out.used_once


def test_http_with_a_closure_sees_the_answer() -> None:
    node = Node(answers={("http", "POST /x"): {"status": 422, "headers": {}, "text": "no"}})
    text = """
    issue.summary = httpClient.http("POST", "/x", groovy.json.JsonOutput.toJson([a: 1]), [q: "1"], [:]) { req, res ->
        res.code == 200 ? "fine" : "${req.method} ${res.code} ${res.body}"
    }"""
    out = incoming(text, node=node, http_allowed=True)
    assert out.fields == {"summary": "POST 422 no"}
    assert node.asked[-1][1]["body"] == '{"a":1}'
    assert node.asked[-1][1]["query"] == {"q": "1"}
    assert out.used_once
    assert [(one.method, one.path, one.status) for one in out.http] == [("POST", "/x", 422)]


def test_a_bad_answer_is_an_error_where_nobody_looks() -> None:
    node = Node(answers={("http", "PUT /x"): {"status": 404, "headers": {}, "text": ""}})
    with pytest.raises(RuleError, match="PUT /x was answered with 404"):
        incoming('httpClient.put("/x", "{}")', node=node, http_allowed=True)


def test_a_dry_run_notes_writes_and_asks_nobody() -> None:
    node = Node()
    out = incoming('httpClient.post("/x", [a: 1])\nstore(issue)', node=node, http_allowed=True, dry_run=True)
    assert node.asked == []
    assert [(one.method, one.body, one.status) for one in out.http] == [("POST", '{"a": 1}', 0)]
    assert out.used_once
    assert out.stored == "7"


def test_what_the_node_refuses_is_an_error_of_the_rule() -> None:
    node = Node(answers={("http", "GET /x"): {"error": "that path is not allowed"}})
    with pytest.raises(RuleError, match="that path is not allowed"):
        incoming('httpClient.get("/x")', node=node, http_allowed=True)


def test_twins_are_found() -> None:
    twin = {"id": "5", "shown": "#5", "url": "https://ours.example/5"}
    node = Node(answers={("ours_of_theirs", "41"): twin, ("theirs_of_ours", "#7"): twin})
    text = """
    def parent = nodeHelper.getLocalIssueFromRemoteId(replica.parentId)
    issue.parentId = parent?.id
    issue.summary = [parent.key, syncHelper.getLocalIssueKeyFromRemoteId("41").urn,
        nodeHelper.getLocalIssueFromRemoteId("0"), syncHelper.isUnderSync(issue), syncHelper.getTrackerUrl(),
        syncHelper.getRemoteTrackerUrl(), syncHelper.getRemoteIssueUrl()].join(" ")"""
    assert incoming(text, node=node).fields["summary"] == (
        "#5 #5 null true https://ours.example https://theirs.example https://theirs.example/42"
    )


def test_people_are_known_or_null() -> None:
    text = """
    issue.summary = [nodeHelper.getUserByEmail("no@x"), nodeHelper.getUser("Ann Agent")?.email,
        nodeHelper.getUserByUsername("bob@ours.example").displayName, nodeHelper.getUserByEmail(null),
        nodeHelper.isUserAssignable("Bob Buyer"), nodeHelper.isUserAssignable(nodeHelper.getUser("Ann Agent"))].join(",")"""
    assert incoming(text).fields["summary"] == "null,ann@ours.example,Bob Buyer,null,false,true"


def test_what_our_desk_has_no_list_of_is_named_and_what_it_does_not_have_is_null() -> None:
    text = """
    issue.summary = [nodeHelper.getStatus("OPEN"), nodeHelper.getStatus("x"), nodeHelper.getPriority("low"),
        nodeHelper.getProject("P").key, nodeHelper.getVersion("1.0").name, nodeHelper.createComponent(issue, "C").name,
        nodeHelper.getResolution("Done").name, nodeHelper.getLabel("l").label, nodeHelper.getOption(issue, "Teams", "x"),
        nodeHelper.getCustomField("Cost").value].join(",")"""
    assert incoming(text).fields["summary"] == "Open,null,Low,P,1.0,C,Done,l,null,12.5"


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>a &amp; b</p><p>c<br/>d</p>", "a & b\nc\nd"),
        ("plain *text*", "plain *text*"),
        ("<script>x()</script>y", "y"),
        ("1 < 2", "1 < 2"),
        ("<b", "<b"),
    ],
)
def test_html_becomes_text(html: str, text: str) -> None:
    assert incoming(f"issue.summary = nodeHelper.stripHtml('''{html}''')").fields["summary"] == text


def test_comments_lose_their_html() -> None:
    out = incoming(
        "replica.comments[0].body = '<i>x</i>'\nissue.comments += nodeHelper.stripHtmlFromComments(replica.comments)"
    )
    assert out.comments[0].text == "x"


def test_own_comments_are_filtered() -> None:
    out = outgoing("replica.comments = commentHelper.filterLocal(issue.comments).findAll { !it.internal }")
    assert [one.id for one in out.comments] == ["1"]


def test_removed_and_changed_ones_are_listed() -> None:
    text = """issue.summary = [replica.removedComments*.idStr, replica.changedComments*.remoteId, replica.addedComments.size(),
        replica.addedAttachments.filename, replica.removedAttachments].join(" ")"""
    assert incoming(text).fields["summary"] == "[89] [3] 2 [vpn.log, big.iso] []"


def test_previous_may_only_be_read() -> None:
    assert "Cannot set readonly property: summary" in str(
        stopped_by('previous.summary = "x"', previous={"summary": "a"})
    )


def test_named_things_are_their_text() -> None:
    text = """issue.summary = [issue.status == "Open", "Open" == issue.status, issue.status.name, issue.status.toUpperCase(),
        issue.status in ["Open"], [Open: 1][issue.status], "s:" + issue.status, issue.status != "Closed",
        issue.status == nodeHelper.getStatus("open")].join(" ")"""
    assert incoming(text).fields["summary"] == "true true Open OPEN true 1 s:Open true true"


def test_a_nested_field_is_a_parent_with_a_child() -> None:
    text = """
    def area = issue.customFields."Area".value
    issue.summary = area.value + ">" + area?.child?.value + ">" + area.child.parent.name
    issue.customFields."Area".value = "IT"
    """
    assert incoming(text).fields == {"summary": "IT>Laptop>IT", "custom.area": "IT"}


def test_a_nested_field_of_the_partner_is_one_here() -> None:
    text = """
    issue.customFields."Area".value = replica.customFields."Where"?.value
    issue.summary = replica.customFields."Where".value?.parent?.value + replica.customFields."Where".value?.child?.value"""
    assert incoming(text).fields == {"custom.area": "IT", "custom.sub_area": "Laptop", "summary": "ITLaptop"}


def test_all_custom_fields_leave_at_once() -> None:
    out = outgoing("replica.customFields = issue.customFields")
    assert out.fields["custom.Affected site"] == "Berlin"
    assert len(out.fields) == 8


def test_a_query_in_a_path_is_a_query() -> None:
    node = Node(answers={("http", "GET /p"): {"status": 200, "headers": {}, "text": "[]"}})
    incoming('httpClient.get("/p?email=a%40b&x=1", [y: 2])', node=node, http_allowed=True)
    assert node.asked[0][1]["query"] == {"email": "a@b", "x": "1", "y": "2"}


@pytest.mark.parametrize(
    ("text", "removed"),
    [
        ("issue.summary = replica.summary", ("3",)),
        ("issue.comments = issue.comments.findAll { it.remoteId == null }", ("3",)),
        ("replica.removedComments = []", ()),
        ("replica.removedComments.clear()", ()),
        ("replica.removedComments = replica.removedComments.findAll { it.remoteId == '3' }", ("3",)),
    ],
)
def test_the_copy_of_a_removed_comment_goes_unless_the_rule_keeps_it(text: str, removed: tuple[str, ...]) -> None:
    gone = (SeenComment("90", "", twin="3", is_theirs=True), SeenComment("89", ""))
    assert incoming(text, replica=replace(REPLICA, removed=gone)).removed == removed


def test_a_first_run_that_wants_nothing_drops_the_ticket() -> None:
    assert incoming('if (replica.priority.name == "Urgent") return', ticket=None, first_sync=True).is_dropped
    assert not incoming("issue.summary = replica.summary", ticket=None, first_sync=True).is_dropped


def test_the_same_own_comment_has_the_same_id() -> None:
    text = 'issue.comments = commentHelper.addComment("x", issue.comments)'
    assert incoming(text).own_comments[0].id == incoming(text).own_comments[0].id
