"""L2: no value of ours shows a secret when it is printed."""

import dataclasses
import importlib
import re
from collections.abc import Iterator

import pytest

from pairing.secret import Secret
from tests.test_house import product

# Names of fields that may hold a secret; each is hidden, or a Secret, or stands below with the reason why it is none.
SUSPECT = re.compile(
    r"token|secret|passw|api_?key|seed|private|signing|number|(^|_)code($|_)|our_key|_keys?$|^keys?$|body"
)
HARMLESS = {
    "bot.settings.Settings.secret_keys_file": "the file's name",
    "exchange.ports.Claim.key": "a public key",
    "exchange.ports.ClaimAnswer.key": "a public key",
    "exchange.ports.ClaimGranted.key": "a public key",
    "exchange.ports.Peer.their_keys": "public keys",
    "flows.claim.Refused.code": "an error's code",
    "handlers.arrivals.Arrival.key": "tells repeated deliveries apart",
    "pairing.connection.Connection.our_key": "a public key",
    "pairing.connection.Connection.their_key": "a public key",
    "pairing.invitation.Invitation.own_key": "a public key, but kept back until a claim: it is not logged either",
    "pairing.invitation.Invitation.token_hash": "a hash of 128 random bits",
    "flows.rule_trial.Counted.numbers": "the numbers of tickets",
    "rules.host.scene.SeenReplica.key": "how the partner calls the ticket",
    "rules.script.ScriptRules.key": "names a connection",
    "rules.worker.runner.Job.key": "names a connection",
    "storage.lanes.Lease.key": "names a lane",
    "storage.memory.lanes.HeldLane.key": "names a lane",
    "storage.memory.rows.Moment.key": "names a wake-up",
    "sync.intent.ParkedUpdate.code": "an error's code",
    "trackers.freshservice.answers.Complaint.code": "an error's code",
}


def dataclasses_of_ours() -> Iterator[type]:
    for module in product():
        if module.path.endswith("__main__.py") or "/migrations/" in module.path:
            continue
        if module.path == "rules/language/tree.py":
            continue  # the parts of a rule's text, which its own people wrote and read
        name = module.path.removesuffix(".py").replace("/", ".").removesuffix(".__init__")
        for value in vars(importlib.import_module(name)).values():
            if isinstance(value, type) and dataclasses.is_dataclass(value) and value.__module__ == name:
                yield value


def shown_suspects() -> Iterator[str]:
    for found in dataclasses_of_ours():
        for field in dataclasses.fields(found):
            is_text = field.type not in (int, float, bool) and "Secret" not in str(field.type)
            if field.repr and is_text and SUSPECT.search(field.name):
                yield f"{found.__module__}.{found.__qualname__}.{field.name}"


def test_every_field_that_may_hold_a_secret_is_hidden_or_known_to_be_harmless() -> None:
    assert not set(shown_suspects()) - set(HARMLESS)


@pytest.mark.parametrize("show", [repr, str, "{}".format, "{!r:>5}".format])
def test_a_secret_shows_as_stars_however_it_is_printed(show: object) -> None:
    assert callable(show)
    assert "canary" not in show(Secret("canary"))
    assert "***" in show(Secret("canary"))
