"""What holds after every journey, whatever happened in it."""

import re

from tests.journeys.acts import CODE
from tests.journeys.stage import Stage


def check_slack_refused_nothing(stage: Stage) -> None:
    """Everything that a node sent, Slack would have taken; asking about a place that we are not in is normal life."""
    expected = (*stage.expected_refusals, "channel_not_found")
    unexpected = [one for one in stage.companies.slack.refusals if not any(word in one for word in expected)]
    assert unexpected == [], unexpected


def check_shared_channels(stage: Stage) -> None:
    """A7: nothing of ours is in an externally shared channel but invitations and what took their place."""
    for channel in stage.companies.slack.world.channels.values():
        if not channel.is_ext_shared or channel.is_dm:
            continue
        for message in channel.messages.values():
            if message.install is not None:
                assert message.text.startswith(("An invitation code for", "Invitation from")), message.text
                for number in stage.numbers:
                    assert f"{number[:3]} {number[3:]}" not in message.text + str(message.blocks), message.text


def check_codes(stage: Stage) -> None:
    """A code stands in the one message that it was sent in, and nowhere else: no channel, no ephemeral, no modal."""
    codes = [secret for secret in stage.secrets if CODE.fullmatch(secret)]
    for channel in stage.companies.slack.world.channels.values():
        for shelf in channel.ephemerals.values():
            for message in shelf.values():
                assert not any(code in message.text + str(message.blocks) for code in codes), message.text
        holding = [
            m for m in channel.messages.values() if m.install and any(c in m.text + str(m.blocks) for c in codes)
        ]
        for message in holding:
            assert message.text.startswith("An invitation code for"), message.text


def check_numbers(stage: Stage) -> None:
    """P2: the number is never sent to the inviter's own Slack."""
    if stage.both_ends_are_acmes:
        return
    for channel in stage.companies.slack.world.channels.values():
        shelves = [channel.messages, *channel.ephemerals.values()]
        for message in (one for shelf in shelves for one in shelf.values()):
            if message.install is not None and message.install.team is stage.acme.team:
                sent = message.text + str(message.blocks)
                for number in stage.numbers:
                    assert f"{number[:3]} {number[3:]}" not in sent and f">{number}<" not in sent, sent


def check_log(stage: Stage, log: str) -> None:
    """L1: nothing secret was logged, at any level."""
    tokens = [app.app_token for app in stage.companies.slack.world.apps.values()]
    tokens += [app.signing_secret for app in stage.companies.slack.world.apps.values()]
    tokens += list(stage.companies.slack.world.tokens)
    for secret in (*stage.secrets, *tokens, "canary description", "canary reason"):
        assert secret not in log
    assert "brg_" not in log
    for number in stage.numbers:
        assert not re.search(rf"(?<![0-9a-z]){number[:3]} ?{number[3:]}(?![0-9a-z])", log)
