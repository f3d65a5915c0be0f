"""How states and choices read, the same everywhere in Slack."""

from handlers.blocks import date, escape
from pairing.connection import Connection, ConnectionState
from pairing.invitation import Invitation, InvitationState
from pairing.terms import ConflictPolicy, Reach, RulesMode, Side

UNKNOWN = "unknown"

REACH = {
    Reach.PUBLIC: "Public: both sides call each other",
    Reach.PRIVATE: "Private: only the side without a URL calls",
    Reach.LOCAL: "Local: both desks are on this node",
}
RULES = {RulesMode.BASIC: "Basic", RulesMode.SCRIPT: "Script"}
RULES_LONG = {
    RulesMode.BASIC: "Basic: common fields are mapped for you, tickets only",
    RulesMode.SCRIPT: "Script: Groovy rules, each side configures its own",
}
SIDE = {Side.INVITER: "You invited them", Side.INVITEE: "They invited you"}
EXPIRY = {1: "1 hour", 24: "24 hours", 168: "7 days"}


def policy_words(policy: ConflictPolicy, side: Side) -> str:
    """Who wins when both sides changed the same field, as read on `side`."""
    if policy is ConflictPolicy.LATEST:
        return "The later change wins"
    ours = (policy is ConflictPolicy.INVITER) == (side is Side.INVITER)
    return "Your side wins" if ours else "Your partner's side wins"


def partner_words(connection: Connection) -> str:
    """Plain text. What a partner says of itself counts as stated until somebody confirmed it by the number."""
    if not connection.partner_name:
        return UNKNOWN
    return connection.partner_name + ("" if connection.approved_at else " (as stated)")


def state_words(connection: Connection, invitation: Invitation | None, *, needs_number: bool) -> str:
    """Mrkdwn, one line."""
    match connection.state:
        case ConnectionState.PENDING:
            return _pending_words(connection, invitation, needs_number)
        case ConnectionState.ACTIVE:
            return "*Active*"
        case ConnectionState.PAUSED:
            return f"*Paused* {_paused_by(connection)}"
        case ConnectionState.BROKEN:
            return "*Broken*: its key is lost. Close it and connect again."
        case ConnectionState.CLOSED:
            return f"*Closed*{_closed_how(connection)}"


def _pending_words(connection: Connection, invitation: Invitation | None, needs_number: bool) -> str:
    if needs_number:
        return "*Pending*: the code was used. Enter the number that your partner's Slack shows."
    if connection.side is Side.INVITEE:
        return "*Pending*: your partner has to type the number that your Slack showed."
    if invitation is not None and invitation.state is InvitationState.OPEN:
        return f"*Pending*: waiting for your partner to use the code, until {date(invitation.expires_at)}."
    return "*Pending*"


def _paused_by(connection: Connection) -> str:
    if connection.paused_by_us and connection.paused_by_them:
        return "by you and by your partner"
    return "by you" if connection.paused_by_us else "by your partner"


def _closed_how(connection: Connection) -> str:
    when = f" on {date(connection.closed_at)}" if connection.closed_at else ""
    why = f": {escape(connection.closed_reason)}" if connection.closed_reason else ""
    return when + why
