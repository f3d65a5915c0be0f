"""A rule in a file, run on a ticket in a file: no desk, no partner, no database."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from flows.scenes import fields_of
from rules.host.scene import NoCalls, Outcome, Scene, SeenReplica, SeenTicket
from rules.script import RuleTexts, ScriptRules
from rules.worker.in_process import InProcess
from sync.rule import RuleSide

Json = dict[str, Any]


async def run_outgoing(text: str, ticket: SeenTicket, now: datetime) -> Json:
    """The replica that would leave, and what the rule said. Raises RuleError."""
    scene = Scene(RuleSide.OUTGOING, now, ticket=ticket, first_sync=True, dry_run=True)
    outcome = await _rules(text).outgoing(scene, _nobody)
    held = outcome.to_json()
    return {"replica": _only(held, "fields", "comments", "files", "requester"), **_rest(outcome, held)}


async def run_incoming(
    text: str,
    ticket: SeenTicket | None,
    replica: SeenReplica,
    previous: Mapping[str, Any] | None,
    now: datetime,
) -> Json:
    """What would be written: with a replica before, the difference of two runs, as it is done for real.

    Raises RuleError.
    """
    side, first = RuleSide.INCOMING, previous is None
    scene = Scene(side, now, ticket=ticket, replica=replica, previous=previous, first_sync=first, dry_run=True)
    outcome = await _rules(text).incoming(scene, _nobody)
    if previous is not None and not outcome.used_once:
        before = replace(scene, replica=SeenReplica(replica.key, replica.url, previous, requester=replica.requester))
        known = fields_of((await _rules(text).incoming(before, _nobody)).fields, side)
        changed = fields_of(outcome.fields, side).differing_from(known)
        outcome = replace(outcome, fields={name: outcome.fields[name] for name in outcome.fields if name in changed})
    held = outcome.to_json()
    names = ("fields", "comments", "own_comments", "removed", "files", "link_to", "is_dropped", "unlink_after")
    return {"writes": _only(held, *names, "sync_back_after", "stored", "http"), **_rest(outcome, held)}


def _rules(text: str) -> ScriptRules:
    return ScriptRules(InProcess(), "file", RuleTexts(text, text))


async def _nobody(name: str, arguments: Json) -> Any:
    return NoCalls().ask(name, arguments)


def _only(held: Json, *names: str) -> Json:
    """Those that say something; the fields always."""
    return {name: held[name] for name in names if name == "fields" or held[name]}


def _rest(outcome: Outcome, held: Json) -> Json:
    return {"log": [f"{level}: {text}" for level, text in outcome.log]} if outcome.log else {}
