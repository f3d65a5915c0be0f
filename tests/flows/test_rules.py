"""Saving, comparing and restoring rules, at the level of the flow."""

from dataclasses import replace

import pytest

from flows.connections import close
from flows.errors import NotFound
from flows.rule_check import Remark
from flows.rule_drafts import RuleDraft
from flows.rules import (
    RulesMoved,
    RulesRefused,
    check_rules,
    forget_draft,
    keep_draft,
    let_call,
    open_rules,
    restore,
    save_rules,
    texts,
    versions,
)
from pairing.errors import MoveNotPossible
from pairing.organisation import Actor
from pairing.terms import RulesMode
from rules.shipped import shipped
from sync.rule import RuleSide, RuleVersion
from sync.ticket import DeskFacts
from tests.flows.sides import Half, Pair, offered

OUT, IN = RuleSide.OUTGOING, RuleSide.INCOMING


def check(side: RuleSide, text: str, facts: DeskFacts | None) -> tuple[Remark, ...]:
    """A language in which "wrong" is wrong and "odd" is odd."""
    lines = enumerate(text.split("\n"), start=1)
    return tuple(
        Remark(number, line.index(word) + 1, f"{side} {word}", may_pass=word == "odd")
        for number, line in lines
        for word in ("wrong", "odd")
        if word in line
    )


@pytest.fixture
async def acme(pair: Pair) -> Half:
    await offered(pair, rules=RulesMode.SCRIPT)
    return pair.acme


async def the_id(half: Half) -> str:
    return (await half.connection()).id


async def begun(half: Half, **texts: str) -> RuleDraft:
    """What the person typed into the editor as it opened."""
    opened = await open_rules(half.node, half.actor, await the_id(half))
    return replace(opened.draft, **texts)  # type: ignore[arg-type]


async def saved(half: Half, note: str = "", **texts: str) -> tuple[RuleVersion, ...]:
    draft = await begun(half, **texts)
    return await save_rules(half.node, half.actor, await the_id(half), draft, note, check)


async def test_script_mode_begins_with_the_texts_that_we_ship(acme: Half) -> None:
    opened = await open_rules(acme.node, acme.actor, await the_id(acme))
    assert (opened.outgoing.text, opened.incoming.text) == (shipped(OUT), shipped(IN))
    assert (opened.outgoing.number, opened.incoming.number, opened.changed) == (0, 0, ())
    assert not opened.may_call


async def test_what_was_saved_runs_and_has_number_author_note_and_time(acme: Half) -> None:
    (version,) = await saved(acme, " Only  the\nsummary ", outgoing="replica.summary = issue.summary")
    assert (version.side, version.number, version.author, version.note, version.at) == (
        *(OUT, 1, acme.actor.user_id, "Only the summary"),
        acme.clock(),
    )
    opened = await open_rules(acme.node, acme.actor, await the_id(acme))
    assert opened.outgoing.text == version.text and opened.incoming.number == 0
    assert f"rule.change ok {version.sha256[:16]}" in await acme.audit()


async def test_each_side_counts_for_itself(acme: Half) -> None:
    await saved(acme, outgoing="// 1")
    both = await saved(acme, outgoing="// 2", incoming="// in")
    assert [(one.side, one.number) for one in both] == [(OUT, 2), (IN, 1)]
    listed = await versions(acme.node, acme.actor, await the_id(acme), OUT)
    assert [one.number for one in listed] == [2, 1]
    old = await texts(acme.node, acme.actor, await the_id(acme), OUT, 1, 0)
    assert [one.text for one in old] == ["// 1", shipped(OUT)]


async def test_what_is_wrong_is_not_saved_and_what_is_odd_may_be(acme: Half) -> None:
    with pytest.raises(RulesRefused) as refused:
        await saved(acme, outgoing="odd\nx wrong", incoming="odd")
    assert {side: [one.text for one in found] for side, found in refused.value.remarks.items()} == {
        OUT: ["outgoing odd", "outgoing wrong"]
    }
    assert await versions(acme.node, acme.actor, await the_id(acme), OUT) == ()
    assert len(await saved(acme, outgoing="odd")) == 1
    found = await check_rules(RuleDraft("fine", "wrong"), check)
    assert list(found) == [IN]


async def test_nothing_new_is_not_saved(acme: Half) -> None:
    with pytest.raises(MoveNotPossible, match="Nothing differs from the rules that run"):
        await saved(acme)


async def test_who_was_slower_is_told_and_overwrites_nothing(acme: Half) -> None:
    slow = await begun(acme, outgoing="// slow")
    await saved(acme, outgoing="// fast")
    with pytest.raises(RulesMoved, match="Meanwhile version 1 of the outgoing rule was saved"):
        await save_rules(acme.node, acme.actor, await the_id(acme), slow, "", check)
    assert (await open_rules(acme.node, acme.actor, await the_id(acme))).outgoing.text == "// fast"


async def test_a_draft_is_kept_for_its_writer_until_it_is_saved_or_dropped(acme: Half) -> None:
    connection_id, other = await the_id(acme), Actor(acme.id, acme.actor.team_id, "U0OTHER")
    draft = await begun(acme, incoming="// half done\u00a0🌉")
    await keep_draft(acme.node, acme.actor, connection_id, draft)
    assert (await begun(acme)) == draft
    assert (await open_rules(acme.node, acme.actor, connection_id)).changed == (IN,)
    assert (await open_rules(acme.node, other, connection_id)).changed == ()
    await forget_draft(acme.node, acme.actor, connection_id)
    assert (await open_rules(acme.node, acme.actor, connection_id)).changed == ()
    await keep_draft(acme.node, acme.actor, connection_id, draft)
    await saved(acme)
    assert (await open_rules(acme.node, acme.actor, connection_id)).changed == ()
    await keep_draft(acme.node, acme.actor, connection_id, draft)
    acme.clock.advance(days=8)
    assert (await begun(acme)).incoming == "// half done\u00a0🌉"  # saved above; the draft is gone by itself


async def put_back(half: Half, number: int, base: int, side: RuleSide = OUT) -> RuleVersion:
    return await restore(half.node, half.actor, await the_id(half), side, number, base=base, note="back", check=check)


async def test_an_old_text_comes_back_as_a_new_version(acme: Half) -> None:
    for text in ("// 1", "// 2"):
        await saved(acme, outgoing=text)
    again = await put_back(acme, 1, 2)
    assert (again.number, again.text, again.note) == (3, "// 1", "back")
    as_shipped = await put_back(acme, 0, 3)
    assert (as_shipped.number, as_shipped.text) == (4, shipped(OUT))


async def test_a_draft_goes_on_from_what_was_restored(acme: Half) -> None:
    for text in ("// 1", "// 2"):
        await saved(acme, outgoing=text)
    connection_id = await the_id(acme)
    await keep_draft(acme.node, acme.actor, connection_id, await begun(acme, incoming="// typed"))
    await put_back(acme, 1, 2)
    draft = await begun(acme)
    assert (draft.outgoing, draft.incoming, draft.bases) == ("// 1", "// typed", (3, 0))
    await keep_draft(acme.node, acme.actor, connection_id, replace(draft, outgoing="// mine"))
    await put_back(acme, 2, 3)
    assert ((await begun(acme)).outgoing, (await begun(acme)).bases) == ("// mine", (4, 0))
    await saved(acme)


async def test_restoring_asks_the_check_of_today_and_the_version_of_today(acme: Half) -> None:
    await saved(acme, outgoing="// 1")
    await saved(acme, outgoing="// 2")
    with pytest.raises(RulesMoved):
        await put_back(acme, 1, 1)
    with pytest.raises(MoveNotPossible, match="Version 2 is the text that runs already"):
        await put_back(acme, 2, 2)
    with pytest.raises(NotFound, match="There is no version 9 of the outgoing rule"):
        await put_back(acme, 9, 2)
    with pytest.raises(RulesRefused):
        await restore(
            *(acme.node, acme.actor, await the_id(acme), OUT, 1),
            base=2,
            note="",
            check=lambda side, text, facts: (Remark(1, 1, "no"),),
        )


async def test_the_switch_for_http_is_kept_and_audited(acme: Half) -> None:
    connection_id = await the_id(acme)
    for allowed in (True, False):
        await let_call(acme.node, acme.actor, connection_id, allowed=allowed)
        assert (await open_rules(acme.node, acme.actor, connection_id)).may_call is allowed
    entries = await acme.node.store.read(acme.id, lambda tx: tx.audit.all(10))
    assert [entry.object for entry in entries if entry.action == "rule.http"] == [
        "acme_to_globex off",
        "acme_to_globex on",
    ]


async def test_a_basic_connection_has_no_rules_to_edit_and_says_how_to_have_some(pair: Pair) -> None:
    await offered(pair)
    with pytest.raises(MoveNotPossible, match=r"is in Basic mode: .* Script mode, which is chosen when"):
        await open_rules(pair.acme.node, pair.acme.actor, await the_id(pair.acme))


async def test_neither_a_closed_connection_nor_a_strangers_one_can_be_opened(pair: Pair, acme: Half) -> None:
    connection_id = await the_id(acme)
    with pytest.raises(NotFound):
        await open_rules(pair.globex.node, pair.globex.actor, connection_id)
    await close(acme.node, acme.actor, "acme_to_globex")
    with pytest.raises(MoveNotPossible, match="is closed: nothing runs there any more"):
        await keep_draft(acme.node, acme.actor, connection_id, RuleDraft("", ""))
