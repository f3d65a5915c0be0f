from sync.rule_diff import counts, unified


def test_a_difference_names_both_texts_and_shows_what_stands_around_it() -> None:
    old = "\n".join(f"line {number}" for number in range(10))
    diff = unified(old, old.replace("line 5", "line five"), "version 1", "version 2")
    assert diff[:2] == ("--- version 1", "+++ version 2")
    assert [line for line in diff if line[:1] in "+-"][2:] == ["-line 5", "+line five"]
    assert " line 2" in diff and " line 8" in diff and " line 1" not in diff
    assert counts(diff) == (1, 1)


def test_equal_texts_have_no_difference() -> None:
    assert unified("a\nb", "a\nb", "1", "2") == unified("a\nb\n", "a\nb", "1", "2") == ()
    assert counts(()) == (0, 0)
