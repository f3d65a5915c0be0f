"""What is said of a rule with and without the form of the desk."""

from flows.rule_language import language_check
from sync.rule import RuleSide
from tests.rules.host.scenes import FACTS

OUT = RuleSide.OUTGOING


def said(text: str, *, at_desk: bool = True) -> list[tuple[str, bool]]:
    return [(one.text, one.may_pass) for one in language_check(OUT, text, FACTS if at_desk else None)]


def test_a_name_that_the_desk_does_not_have_is_remarked_and_keeps_nothing_from_being_saved() -> None:
    text = "replica.x = issue.affected_sit"
    assert said(text) == [("at your desk, Issue has no property 'affected_sit'; did you mean 'affected_site'?", True)]
    assert said(text, at_desk=False) == []
    assert said("replica.x = issue.affected_site; replica.y = issue.'Affected site'") == []
    assert said("replica.x = entity.u_anything") == []


def test_a_list_that_goes_nowhere_is_remarked() -> None:
    text = "commentHelper.mergeComments(issue, replica)"
    assert said(text) == [
        ("'mergeComments' changes nothing by itself; write issue.comments = commentHelper.mergeComments(…)", True)
    ]
    assert said(f"issue.comments = {text}") == [] and said(f"def f() {{ {text} }}\nissue.comments = f()") == []
    assert said(f"def all = [1].collect {{ {text} }}") == []


def test_a_method_that_is_nowhere_keeps_it_from_being_saved_with_and_without_the_desk() -> None:
    for at_desk in (True, False):
        assert said("issue.frobnicate()", at_desk=at_desk) == [("Issue has no method 'frobnicate'", False)]
    assert said("issue.setAnything(1)") == [("at your desk, Issue has no method 'setAnything'", True)]
