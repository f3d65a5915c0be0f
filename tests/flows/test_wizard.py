"""`initiate` below Slack: what each step checks, what a draft keeps, what the offer is made of."""

from dataclasses import replace

import pytest

from exchange.endpoint import unsigned
from exchange.messages import info_body
from exchange.ports import WireAnswer, WireRequest
from flows.errors import FieldErrors, PartnerNotReachable, TooMany
from flows.wizard import (
    Draft,
    check_partner,
    code_was_posted,
    forget_draft,
    initiate,
    save_draft,
    step_errors,
    wizard_start,
)
from pairing.code import commitment_to, read_code, token_hash
from pairing.connection import ConnectionState
from pairing.errors import AddressNotUsable
from pairing.notice import NoticeKind
from pairing.terms import ConflictPolicy, Reach, RulesMode
from storage.store import Transaction
from tests.flows.sides import ACME_URL, GLOBEX_URL, Answering, Pair, a_draft, accepted, lost_on_the_way, offered


async def test_a_fresh_draft_knows_the_only_desk_and_our_name(pair: Pair) -> None:
    begun = await wizard_start(pair.acme.node, pair.acme.actor)
    assert (begun.draft.desk_id, begun.draft.local_name, begun.draft.step) == (pair.acme.desk.id, "acme", 1)
    assert not begun.resumed and begun.can_be_called and begun.own_address == ACME_URL
    away = replace(pair.acme.node, address=None)
    assert not (await wizard_start(away, pair.acme.actor)).can_be_called


async def test_a_draft_is_kept_for_a_day_for_this_person_alone(pair: Pair) -> None:
    draft = a_draft(pair.acme, Reach.PUBLIC, step=3, policy=ConflictPolicy.INVITEE, auto=True, shared_ok=True)
    await save_draft(pair.acme.node, pair.acme.actor, draft)
    begun = await wizard_start(pair.acme.node, pair.acme.actor)
    assert begun.resumed and begun.draft == draft
    other = replace(pair.acme.actor, user_id="U0ANDY")
    assert not (await wizard_start(pair.acme.node, other)).resumed
    await forget_draft(pair.acme.node, pair.acme.actor)
    assert not (await wizard_start(pair.acme.node, pair.acme.actor)).resumed
    await save_draft(pair.acme.node, pair.acme.actor, draft)
    pair.clock.advance(hours=25)
    assert not (await wizard_start(pair.acme.node, pair.acme.actor)).resumed


async def test_a_draft_of_another_version_is_read_as_far_as_it_goes(pair: Pair) -> None:
    sealed = b'{"step": 2, "reach": "private", "from_the_future": 7}'

    def plant(tx: Transaction) -> None:
        tx.vault.put("draft", pair.acme.actor.user_id, sealed)

    await pair.acme.node.store.run(pair.acme.id, plant)
    draft = (await wizard_start(pair.acme.node, pair.acme.actor)).draft
    assert (draft.step, draft.reach, draft.expiry_hours) == (2, Reach.PRIVATE, 24)


@pytest.mark.parametrize(
    ("step", "changes", "shared", "fields"),
    [
        (1, {}, False, set()),
        (1, {"desk_id": "none", "reach": None}, False, {"desk_id", "reach"}),
        (1, {"reach": Reach.PUBLIC, "partner_url": ""}, False, {"partner_url"}),
        (1, {"reach": Reach.PUBLIC, "partner_url": "ftp://x"}, False, {"partner_url"}),
        (1, {"reach": Reach.PUBLIC, "partner_url": ACME_URL}, False, {"partner_url"}),
        (2, {"rules": None}, False, {"rules"}),
        (3, {"local_name": "", "remote_name": "!", "name": "A B"}, False, {"local_name", "remote_name", "name"}),
        (3, {"local_name": "same", "remote_name": "same"}, False, {"remote_name"}),
        (3, {"description": "x" * 301}, False, {"description"}),
        (4, {"deliver": "pigeon"}, False, {"deliver"}),
        (4, {"deliver": "person"}, False, {"deliver_to"}),
        (4, {"deliver": "channel"}, False, {"deliver_to"}),
        (4, {"expiry_hours": 2}, False, {"expiry_hours"}),
        (4, {"deliver": "channel", "deliver_to": "C1"}, True, {"shared_ok"}),
        (4, {"deliver": "channel", "deliver_to": "C1", "shared_ok": True, "auto": True}, True, {"auto"}),
        (4, {"deliver": "channel", "deliver_to": "C1", "shared_ok": True}, True, set()),
    ],
)
async def test_each_step_names_what_is_wrong_in_it(
    pair: Pair, step: int, changes: dict[str, object], shared: bool, fields: set[str]
) -> None:
    begun = await wizard_start(pair.acme.node, pair.acme.actor)
    draft = replace(a_draft(pair.acme, Reach.PRIVATE, step=step), **changes)  # type: ignore[arg-type]
    assert set(step_errors(draft, begun, channel_is_shared=shared)) == fields


async def test_a_node_nobody_can_call_makes_local_offers_only(pair: Pair) -> None:
    begun = await wizard_start(replace(pair.acme.node, address=None), pair.acme.actor)
    for reach, wrong in ((Reach.PUBLIC, True), (Reach.PRIVATE, True), (Reach.LOCAL, False)):
        problems = step_errors(a_draft(pair.acme, reach, step=1, partner_url=GLOBEX_URL), begun)
        assert ("reach" in problems) is wrong


async def test_an_offer_is_pending_sealed_and_audited(pair: Pair) -> None:
    await save_draft(pair.acme.node, pair.acme.actor, a_draft(pair.acme, Reach.PUBLIC))
    made = await offered(pair, Reach.PUBLIC, rules=RulesMode.SCRIPT, expiry_hours=1, name="ACME_to_globex")
    code = read_code(made.code.reveal())
    assert (code.reach, code.address) == (Reach.PUBLIC, ACME_URL)
    assert code.commitment == commitment_to(made.connection.our_key)
    assert made.invitation.token_hash == token_hash(code.token)
    assert (made.connection.state, made.connection.partner_name) == (ConnectionState.PENDING, None)
    assert (made.connection.name, made.invitation.partner_url) == ("acme_to_globex", GLOBEX_URL)
    assert made.code.reveal() not in repr(made)
    assert not (await wizard_start(pair.acme.node, pair.acme.actor)).resumed
    assert (await pair.acme.audit())[-1] == "invite.create ok"


async def test_everything_is_checked_once_more_at_the_end(pair: Pair) -> None:
    await offered(pair)
    with pytest.raises(FieldErrors) as wrong:
        await offered(pair, rules=None, expiry_hours=3)
    assert set(wrong.value.fields) == {"rules", "expiry_hours", "name"}


async def test_twenty_open_offers_are_enough(pair: Pair) -> None:
    for number in range(20):
        await offered(pair, name=f"offer-{number}")
    with pytest.raises(TooMany, match="20 invitations are open already"):
        await offered(pair, name="one-more")


async def test_the_posted_message_is_remembered_and_replaced_when_the_partner_was_faster(pair: Pair) -> None:
    made = await offered(pair)
    await code_was_posted(pair.acme.node, pair.acme.actor, made.invitation.id, channel="C1", ts="1.0")
    invitation = await pair.acme.invitation()
    assert (invitation.posted_channel, invitation.posted_ts) == ("C1", "1.0")
    await accepted(pair.globex, made)

    def drop(tx: Transaction) -> None:
        for notice in tx.notices.due(100):
            tx.notices.done(notice.id)

    await pair.acme.node.store.run(pair.acme.id, drop)
    await code_was_posted(pair.acme.node, pair.acme.actor, made.invitation.id, channel="C1", ts="2.0")
    due = await pair.acme.node.store.read(pair.acme.id, lambda tx: tx.notices.due(100))
    assert NoticeKind.INVITATION in [notice.kind for notice in due]


async def test_an_address_is_asked_while_the_person_waits(pair: Pair) -> None:
    node, actor = pair.acme.node, pair.acme.actor
    assert await check_partner(node, actor, " HTTPS://Bridge.Globex.example/ ") == GLOBEX_URL
    with pytest.raises(AddressNotUsable):
        await check_partner(node, actor, "http://10.0.0.1")

    async def another_version(request: WireRequest, answer: Answering) -> WireAnswer:
        return WireAnswer(200, (), info_body().replace(b"[1]", b"[9]"))

    async def a_page(request: WireRequest, answer: Answering) -> WireAnswer:
        return unsigned(404, "not_found")

    for spoil, words in (
        (lost_on_the_way, "Nothing answers at that address"),
        (a_page, "it is no Drawbridge"),
        (another_version, "it is no Drawbridge"),
    ):
        pair.acme.spoil = spoil
        with pytest.raises(PartnerNotReachable, match=words):
            await check_partner(node, actor, GLOBEX_URL)


async def test_ten_checks_an_hour_for_each_person(pair: Pair) -> None:
    for _ in range(10):
        await check_partner(pair.acme.node, pair.acme.actor, GLOBEX_URL)
    with pytest.raises(TooMany):
        await check_partner(pair.acme.node, pair.acme.actor, GLOBEX_URL)
    await check_partner(pair.acme.node, replace(pair.acme.actor, user_id="U0ANDY"), GLOBEX_URL)
    pair.clock.advance(minutes=61)
    await check_partner(pair.acme.node, pair.acme.actor, GLOBEX_URL)


def test_a_draft_never_holds_a_key() -> None:
    assert not [name for name in Draft.__dataclass_fields__ if "key" in name or "token" in name or "secret" in name]


async def test_the_offer_is_made_from_one_reading(pair: Pair) -> None:
    made = await initiate(pair.acme.node, pair.acme.actor, a_draft(pair.acme, Reach.LOCAL))
    assert read_code(made.code.reveal()).address == f"local:{pair.acme.node.node_id}"
