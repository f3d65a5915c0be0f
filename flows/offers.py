"""How an offer waits in the vault between its dialog and its claim: the code with the terms that a person read."""

import json
from datetime import datetime
from typing import Any

from pairing.code import InvitationCode, read_code
from pairing.names import stated_name
from pairing.offer import OfferTerms
from pairing.terms import ConflictPolicy, Reach, RulesMode

# A feature in the answer to a claim: the connection becomes active without anybody typing the number.
NO_NUMBER = "no-number"


def packed(code: InvitationCode, terms: OfferTerms) -> bytes:
    return json.dumps({"code": code.text, "terms": _terms_json(terms)}).encode()


def packed_claim(body: bytes, code: InvitationCode, terms: OfferTerms) -> bytes:
    return json.dumps({"body": body.decode(), "code": code.text, "terms": _terms_json(terms)}).encode()


def unpacked(sealed: bytes, trusted: frozenset[str]) -> tuple[InvitationCode, OfferTerms]:
    stored = json.loads(sealed)
    return read_code(stored["code"], trusted), _terms_from(stored["terms"])


def _terms_json(terms: OfferTerms) -> dict[str, str]:
    return {
        "organisation": terms.organisation,
        "inviter_name": terms.inviter_name,
        "invitee_name": terms.invitee_name,
        "reach": terms.reach,
        "rules": terms.rules,
        "policy": terms.policy,
        "description": terms.description,
        "expires_at": terms.expires_at.isoformat(),
    }


def _terms_from(stored: dict[str, Any]) -> OfferTerms:
    return OfferTerms(
        organisation=stored["organisation"],
        inviter_name=stored["inviter_name"],
        invitee_name=stored["invitee_name"],
        reach=Reach(stored["reach"]),
        rules=RulesMode(stored["rules"]),
        policy=ConflictPolicy(stored["policy"]),
        description=stored["description"],
        expires_at=datetime.fromisoformat(stored["expires_at"]),
    )


def stated_terms(terms: OfferTerms) -> OfferTerms:
    """The terms fit to be shown: every text that the other node states in one clean line."""
    return OfferTerms(
        organisation=stated_name(terms.organisation) or "unnamed",
        inviter_name=terms.inviter_name,
        invitee_name=terms.invitee_name,
        reach=terms.reach,
        rules=terms.rules,
        policy=terms.policy,
        description=stated_name(terms.description, 300),
        expires_at=terms.expires_at,
    )
