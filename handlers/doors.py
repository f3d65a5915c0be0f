"""Every flow that the front calls, bound to this node: the listeners see nothing else of what lies below."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from flows import (
    accept,
    connections,
    desks,
    hooks,
    invitations,
    organisations,
    rules,
    ticket_facts,
    tickets,
    try_rules,
    wizard,
)
from flows.accept import Accepted, Offer
from flows.connections import Line
from flows.node import Node
from flows.openings import Openings
from flows.rule_check import Check, Remark
from flows.rule_drafts import RuleDraft
from flows.rule_language import language_check
from flows.rule_rehearsal import rehearsal
from flows.rule_trial import Rehearse, Summary, TicketTrial
from flows.rules import RulesOpen, RuleText
from flows.settle import Waiting
from flows.ticket_facts import Progress
from flows.tickets import Preview, Trouble
from flows.wizard import Draft, Initiated, WizardStart
from pairing.connection import Connection
from pairing.offer import OfferTerms
from pairing.organisation import Actor
from pairing.secret import Secret
from sync.backfill import Backfill
from sync.desk import Desk
from sync.intent import Disagreement, ParkedUpdate
from sync.link import Link
from sync.rule import RuleEntry, RuleSide, RuleVersion
from sync.ticket import Ticket


@dataclass(frozen=True, slots=True)
class DeskChoice:
    """A kind of desk that can be added: `hint` is an example of an address."""

    name: str
    label: str
    hint: str


class Flows:
    """What each one raises stands at the flow of the same name."""

    def __init__(self, node: Node, check: Check = language_check, rehearse: Rehearse | None = None) -> None:
        self._node = node
        self._check = check
        self._rehearse = rehearse or rehearsal(node)
        self._openings = Openings(node)

    def kinds(self) -> tuple[DeskChoice, ...]:
        return tuple(DeskChoice(kind.name, kind.label, kind.address_hint) for kind in self._node.desks.values())

    async def desks(self, actor: Actor) -> tuple[Desk, ...]:
        return await desks.desks(self._node, actor)

    async def add_desk(
        self, actor: Actor, *, kind: str, short_name: str, address: str, api_key: Secret, requester: str
    ) -> Desk:
        return await desks.add_desk(
            self._node,
            actor,
            kind=kind,
            short_name=short_name,
            address=address,
            api_key=api_key,
            requester=requester,
        )

    async def replace_requester(self, actor: Actor, desk_id: str, requester: str) -> Desk:
        return await desks.replace_requester(self._node, actor, desk_id, requester)

    async def replace_key(self, actor: Actor, desk_id: str, api_key: Secret) -> Desk:
        return await desks.replace_key(self._node, actor, desk_id, api_key)

    def can_be_called(self) -> bool:
        """Whether desks can tell us of changes: only a node with a public URL."""
        return self._node.address is not None

    async def make_hook(self, actor: Actor, desk_id: str) -> Secret:
        return await hooks.make_hook(self._node, actor, desk_id)

    async def remove_desk(self, actor: Actor, desk_id: str) -> Desk:
        return await desks.remove_desk(self._node, actor, desk_id)

    async def wizard_start(self, actor: Actor) -> WizardStart:
        return await wizard.wizard_start(self._node, actor)

    async def wizard_opening(self, actor: Actor) -> WizardStart:
        return await self._openings.open(actor)

    async def save_draft(self, actor: Actor, draft: Draft) -> None:
        await wizard.save_draft(self._node, actor, draft)

    async def forget_draft(self, actor: Actor) -> None:
        await wizard.forget_draft(self._node, actor)

    async def check_partner(self, actor: Actor, typed: str) -> str:
        return await wizard.check_partner(self._node, actor, typed)

    async def initiate(self, actor: Actor, draft: Draft, *, channel_is_shared: bool) -> Initiated:
        return await wizard.initiate(self._node, actor, draft, channel_is_shared=channel_is_shared)

    async def code_was_posted(self, actor: Actor, invitation_id: str, *, channel: str, ts: str) -> None:
        await wizard.code_was_posted(self._node, actor, invitation_id, channel=channel, ts=ts)

    async def pending(self, actor: Actor) -> tuple[Waiting, ...]:
        return await invitations.pending(self._node, actor)

    async def cancel(self, actor: Actor, name: str) -> Waiting:
        return await invitations.cancel(self._node, actor, name)

    async def enter_number(self, actor: Actor, connection_id: str, typed: str) -> Connection:
        return await invitations.enter_number(self._node, actor, connection_id, typed)

    async def reject(self, actor: Actor, connection_id: str) -> Connection:
        return await invitations.reject(self._node, actor, connection_id)

    async def read_offer(self, actor: Actor, pasted: str) -> Offer:
        return await accept.read_offer(self._node, actor, pasted)

    async def accept(
        self, actor: Actor, ref: str, *, desk_id: str, local_name: str, remote_name: str, name: str
    ) -> Accepted:
        return await accept.accept(
            self._node, actor, ref, desk_id=desk_id, local_name=local_name, remote_name=remote_name, name=name
        )

    async def decline(self, actor: Actor, ref: str, reason: str) -> OfferTerms:
        return await accept.decline(self._node, actor, ref, reason)

    async def overview(self, actor: Actor) -> tuple[Line, ...]:
        return await connections.overview(self._node, actor)

    async def status(self, actor: Actor, name: str) -> Line:
        return await connections.status(self._node, actor, name)

    async def edit(self, actor: Actor, connection_id: str, *, name: str, description: str) -> Connection:
        return await connections.edit(self._node, actor, connection_id, name=name, description=description)

    async def pause(self, actor: Actor, name: str) -> Connection:
        return await connections.pause(self._node, actor, name)

    async def resume(self, actor: Actor, name: str) -> Connection:
        return await connections.resume(self._node, actor, name)

    async def close(self, actor: Actor, name: str, reason: str) -> Connection:
        return await connections.close(self._node, actor, name, reason)

    async def remember_home(self, organisation_id: str, user_id: str) -> None:
        await organisations.remember_home(self._node, organisation_id, user_id)

    async def homes(self, organisation_id: str) -> tuple[str, ...]:
        return await organisations.homes(self._node, organisation_id)

    async def remember_card(
        self, organisation_id: str, connection_id: str, purpose: str, *, channel: str, ts: str
    ) -> None:
        await organisations.remember_card(self._node, organisation_id, connection_id, purpose, channel=channel, ts=ts)

    async def card(self, organisation_id: str, connection_id: str, purpose: str) -> tuple[str, str] | None:
        return await organisations.card(self._node, organisation_id, connection_id, purpose)

    async def notice_line(self, organisation_id: str, connection_id: str) -> Line | None:
        return await organisations.notice_line(self._node, organisation_id, connection_id)

    async def number_to_tell(self, organisation_id: str, connection_id: str) -> str | None:
        return await organisations.number_to_tell(self._node, organisation_id, connection_id)

    async def audit_denied(self, organisation_id: str, *, team_id: str, user_id: str, action: str) -> None:
        await organisations.audit_denied(self._node, organisation_id, team_id=team_id, user_id=user_id, action=action)

    async def preview_scope(self, actor: Actor, name: str, query: str) -> Preview:
        return await tickets.preview_scope(self._node, actor, name, query)

    async def set_scope(self, actor: Actor, name: str, query: str) -> Connection:
        return await tickets.set_scope(self._node, actor, name, query)

    async def scope_of(self, actor: Actor, name: str) -> str:
        return await tickets.scope_of(self._node, actor, name)

    async def sync_ticket(self, actor: Actor, name: str, ticket_id: str) -> Ticket:
        return await tickets.sync_ticket(self._node, actor, name, ticket_id)

    async def link_tickets(self, actor: Actor, name: str, ours: str, theirs: str) -> Ticket:
        return await tickets.link_tickets(self._node, actor, name, ours, theirs)

    async def answer_join(self, actor: Actor, connection_id: str, ours: str, *, yes: bool) -> Link:
        return await tickets.answer_join(self._node, actor, connection_id, ours, yes=yes)

    async def unlink(self, actor: Actor, name: str, ours: str) -> Link:
        return await tickets.unlink(self._node, actor, name, ours)

    async def errors(self, actor: Actor, name: str | None) -> tuple[Trouble, ...]:
        return await tickets.errors(self._node, actor, name)

    async def retry(self, actor: Actor, connection_id: str, envelope_id: str) -> None:
        await tickets.retry(self._node, actor, connection_id, envelope_id)

    async def skip(self, actor: Actor, connection_id: str, envelope_id: str) -> None:
        await tickets.skip(self._node, actor, connection_id, envelope_id)

    async def take_other(self, actor: Actor, disagreement_id: str) -> Disagreement:
        return await tickets.take_other(self._node, actor, disagreement_id)

    async def start_backfill(self, actor: Actor, name: str, query: str, days: int) -> Backfill:
        return await tickets.start_backfill(self._node, actor, name, query, days)

    async def stop_backfill(self, actor: Actor, name: str) -> Backfill:
        return await tickets.stop_backfill(self._node, actor, name)

    async def parked_update(self, organisation_id: str, connection_id: str, envelope_id: str) -> ParkedUpdate | None:
        return await ticket_facts.parked_update(self._node, organisation_id, connection_id, envelope_id)

    async def disagreement(self, organisation_id: str, identity: str) -> tuple[Disagreement, Link] | None:
        return await ticket_facts.disagreement(self._node, organisation_id, identity)

    async def backfill_progress(self, organisation_id: str, connection_id: str) -> Progress | None:
        return await ticket_facts.backfill_progress(self._node, organisation_id, connection_id)

    async def desk_name(self, organisation_id: str, desk_id: str) -> str | None:
        return await ticket_facts.desk_name(self._node, organisation_id, desk_id)

    async def open_rules(self, actor: Actor, connection_id: str) -> RulesOpen:
        return await rules.open_rules(self._node, actor, connection_id)

    async def keep_rule_draft(self, actor: Actor, connection_id: str, draft: RuleDraft) -> None:
        await rules.keep_draft(self._node, actor, connection_id, draft)

    async def forget_rule_draft(self, actor: Actor, connection_id: str) -> None:
        await rules.forget_draft(self._node, actor, connection_id)

    async def check_rules(
        self, actor: Actor, connection_id: str, draft: RuleDraft
    ) -> dict[RuleSide, tuple[Remark, ...]]:
        """With what the desk's form tells, where it answers."""
        facts = await rules.desk_facts(self._node, actor, connection_id)
        return await rules.check_rules(draft, self._check, facts)

    async def save_rules(
        self, actor: Actor, connection_id: str, draft: RuleDraft, note: str
    ) -> tuple[RuleVersion, ...]:
        return await rules.save_rules(self._node, actor, connection_id, draft, note, self._check)

    async def rule_versions(self, actor: Actor, connection_id: str, side: RuleSide) -> tuple[RuleEntry, ...]:
        return await rules.versions(self._node, actor, connection_id, side)

    async def rule_texts(self, actor: Actor, connection_id: str, side: RuleSide, *numbers: int) -> tuple[RuleText, ...]:
        return await rules.texts(self._node, actor, connection_id, side, *numbers)

    async def restore_rule(
        self, actor: Actor, connection_id: str, side: RuleSide, number: int, *, base: int, note: str
    ) -> RuleVersion:
        return await rules.restore(
            self._node, actor, connection_id, side, number, base=base, note=note, check=self._check
        )

    async def let_rules_call(self, actor: Actor, connection_id: str, *, allowed: bool) -> Connection:
        return await rules.let_call(self._node, actor, connection_id, allowed=allowed)

    async def recent_tickets(self, actor: Actor, connection_id: str) -> tuple[tuple[str, str], ...]:
        return await try_rules.recent_tickets(self._node, actor, connection_id)

    async def try_ticket(self, actor: Actor, connection_id: str, typed: str) -> TicketTrial:
        return await try_rules.try_ticket(self._node, actor, connection_id, typed, self._rehearse)

    async def try_days(
        self, actor: Actor, connection_id: str, days: int, report: Callable[[Summary], Awaitable[bool]]
    ) -> Summary:
        return await try_rules.try_days(self._node, actor, connection_id, days, self._rehearse, report)
