"""What a person reads when the inviter's node refuses their code (protocol error codes of a claim)."""

_SENTENCES = {
    "invite_unknown": "This code is not known at your partner's node. Ask your partner for a new code.",
    "invite_used": (
        "This code was used already. If that was not you, tell your partner to press *Reject* and to send a new code"
        " privately."
    ),
    "invite_expired": "This code has expired. Ask your partner for a new one.",
    "invite_revoked": "Your partner withdrew this code. Ask for a new one if you still want to connect.",
    "invite_declined": "This code was declined. Ask for a new one if you still want to connect.",
    "mode_mismatch": "Your partner meant another kind of reach than the code says. Ask for a new code.",
    "url_mismatch": (
        "Your partner typed another address for your node than the one it has. Tell them the address of your Drawbridge"
        " and ask for a new code; this one was not used up."
    ),
    "team_mismatch": "This code was meant for another Slack workspace. It was not used up.",
    "self_connection": "Both ends would be the same desk. Choose another desk; the code was not used up.",
    "protocol_unsupported": "The two nodes speak no common version. Upgrade Drawbridge, then try again.",
    "bad_request": "Your partner's node did not understand ours. Upgrade Drawbridge on both sides, then try again.",
    "slow_down": "Your partner's node is asked too often right now. Wait a minute, then try the same code again.",
}


def refusal_sentence(code: str) -> str:
    return _SENTENCES.get(code, "Your partner's node refused this code. Ask your partner for a new one.")
