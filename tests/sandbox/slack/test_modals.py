from __future__ import annotations

from tests.sandbox.slack.wizard import Stage


async def test_a_command_opens_the_wizard_with_its_initial_values(stage: Stage) -> None:
    p = stage.slack.person(stage.alice)
    await p.command("/wizard", channel=stage.shared)
    modal = await p.until(lambda: p.modal)
    assert modal.title == "New connection 1/3"
    assert modal.values["Connection name"] == "acme_to_globex"
    assert modal.values["Policy"] == "Latest wins"
    assert modal.values["Channel"] == stage.shared.id
    assert not stage.slack.refusals


async def test_untouched_inputs_are_submitted_with_their_initial_values(stage: Stage) -> None:
    p = stage.slack.person(stage.alice)
    await p.command("/wizard", channel=stage.shared)
    await p.until(lambda: p.modal)
    await p.fill({"Partner's address": "https://bridge.globex.example"})
    assert await p.submit() == {}
    assert p.modal is None
    values = stage.seen.last("view_submission")["view"]["state"]["values"]
    assert values["name"]["value"] == {"type": "plain_text_input", "value": "acme_to_globex"}
    assert values["policy"]["value"]["selected_option"]["value"] == "latest_wins"
    assert values["about"]["value"] == {"type": "plain_text_input", "value": None}
    assert values["person"]["value"] == {"type": "users_select", "selected_user": None}
    assert values["extras"]["value"] == {"type": "checkboxes", "selected_options": []}
    assert values["script"]["value"] == {"type": "file_input", "files": []}


async def test_what_was_typed_is_kept_when_a_choice_changes_the_view(stage: Stage) -> None:
    p = stage.slack.person(stage.alice)
    await p.command("/wizard")
    await p.until(lambda: p.modal)
    await p.fill({"Connection name": "mine", "Extras": ["Fast", "Auto"]})
    await p.choose("Reach", "Private")
    modal = await p.until(lambda: p.modal if p.modal and "They will call you." in p.modal.text else None)
    assert modal.values["Connection name"] == "mine"
    assert modal.values["Extras"] == ["Auto", "Fast"]
    assert modal.values["Reach"] == "Private"
    assert "Partner's address" not in modal.labels
