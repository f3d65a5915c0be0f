"""The posted invitation, and what it becomes: the only things that a shared channel ever sees of us."""

from flows.settle import Waiting
from flows.wizard import Initiated
from handlers.blocks import Message, context, date, escape, fields, header, mention, preformatted, section
from handlers.words import REACH, RULES_LONG
from pairing.connection import Connection
from pairing.invitation import Invitation, InvitationState


def invitation(made: Initiated, organisation: str, command: str, *, to_me: bool) -> Message:
    """To be posted where the inviter said. `to_me` is the inviter's own copy, to be passed on."""
    connection, offer = made.connection, made.invitation
    facts = [
        ("From", organisation),
        ("Names", f"{connection.local_name} (them), {connection.remote_name} (you)"),
        ("Reach", REACH[connection.reach]),
        ("Mode", RULES_LONG[connection.rules]),
    ]
    if connection.description:
        facts.append(("Description", connection.description))
    first = (
        f"Pass this code on to the admin at your partner for *{escape(connection.name)}*, to them alone."
        if to_me
        else f"{mention(offer.created_by)} at *{escape(organisation)}* invites you to connect your service desks."
    )
    who = "Only you can read this message." if to_me else "Everyone who can read this message can read the code."
    return Message(
        f"An invitation code for connecting service desks, from {escape(organisation)}",
        (
            header(f"Connect with {organisation}" if not to_me else "Your invitation code"),
            section(first),
            preformatted(made.code.reveal()),
            section(
                f"*To accept:* an admin of the invited organisation types `{command} accept` and the code in their own"
                " Slack, or presses *I have a code* in the Home tab of their Drawbridge. (Their command may have"
                " another name.)"
            ),
            fields(facts),
            context(f"The code works once, until {date(offer.expires_at)}. {who}"),
        ),
    )


def spent(found: Waiting, organisation: str) -> Message | None:
    """What takes the invitation's place; None while the code is good. No claimant is named before the approval."""
    words = _spent_words(found.connection, found.invitation)
    if words is None:
        return None
    text = f"Invitation from {escape(organisation)}: {words}"
    return Message(text, (section(text),))


def _spent_words(connection: Connection, offer: Invitation) -> str | None:
    at = f", {date(offer.closed_at)}" if offer.closed_at else ""
    match offer.state:
        case InvitationState.OPEN:
            return None
        case InvitationState.CLAIMED:
            return (
                f"the code was used and waits for {mention(offer.created_by)} to confirm it. It is worth nothing now."
            )
        case InvitationState.APPROVED:
            return f"used by {escape(connection.partner_name or 'the partner')}{at}."
        case InvitationState.REJECTED:
            return f"rejected{at}. The code is worth nothing now."
        case InvitationState.DECLINED:
            return f"declined{at}. The code is worth nothing now."
        case InvitationState.EXPIRED:
            return f"expired{at}. The code is worth nothing now."
        case InvitationState.REVOKED:
            by = f" by {mention(offer.closed_by)}" if offer.closed_by else ""
            return f"cancelled{by}{at}. The code is worth nothing now."
