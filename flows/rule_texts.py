"""Which two texts run on a connection: its own newest versions in Script mode, what we ship in Basic mode."""

from functools import cache

from flows.node import Node
from pairing.connection import Connection
from pairing.terms import RulesMode
from rules.pair import RulePair
from rules.script import RuleTexts, ScriptRules
from rules.shipped import shipped
from storage.store import Transaction
from sync.rule import SIDES, RuleSide


@cache
def shipped_texts() -> RuleTexts:
    outgoing, incoming = (shipped(side) for side in SIDES)
    return RuleTexts(outgoing, incoming)


def running_texts(tx: Transaction, connection: Connection) -> RuleTexts:
    if connection.rules is not RulesMode.SCRIPT:
        return shipped_texts()

    def text(side: RuleSide) -> str:
        version = tx.rules.current(connection.id, side)
        return shipped(side) if version is None else version.text

    outgoing, incoming = (text(side) for side in SIDES)
    return RuleTexts(outgoing, incoming, tx.rules.may_call(connection.id))


def pair_of(node: Node, connection: Connection, texts: RuleTexts) -> RulePair:
    return ScriptRules(node.runner, connection.id, texts)
