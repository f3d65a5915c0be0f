"""The whole conversation, command by command, through Bolt's own middleware and the real flows."""

from typing import Any

from handlers import ids
from tests.handlers.world import ACME, GLOBEX, Person, World, errors_of, filled, seen, text_of

Json = dict[str, Any]


async def add_desk(world: World, admin: Person, name: str) -> None:
    await admin.command("setup")
    await admin.click(ids.DESK_ADD, view=world.modal)
    form = filled(world.modal, kind="memory", short_name=name, address=f"memory:{name}", api_key="toy-secret-9")
    await admin.submit(form)
    assert "checked and added" in seen(world.modal)


async def initiate(world: World, admin: Person, **delivery: str) -> Json:
    """Through the four steps; the last view."""
    await admin.command("initiate")
    await admin.submit(filled(world.modal, reach="local"))
    await admin.submit(filled(world.modal, rules="basic"))
    await admin.submit(filled(world.modal, local_name="acme", remote_name="globex"))
    assert "Sending" in text_of(await admin.submit(filled(world.modal, **delivery)))
    return world.modal


def code_in(view: Json) -> str:
    return next(line for line in seen(view).splitlines() if line.startswith("brg_"))


async def test_two_organisations_connect(world: World) -> None:
    alice, bob = world.person("U0ADMINACME"), world.person("U0ADMINGLOBEX")
    await add_desk(world, alice, "acme-desk")
    await add_desk(world, bob, "globex-desk")

    sent = await initiate(world, alice)
    assert "unknown" in seen(sent) and "your direct messages" in seen(sent)
    code = code_in(sent)

    await bob.command(f"accept `{code}`")
    assert "this node" in seen(world.modal) and "Acme" in seen(world.modal)
    await bob.submit(world.modal)
    accepted = seen(world.modal)
    number = next(line for line in accepted.splitlines() if line.replace(" ", "").isdigit())
    assert "Tell the person at Acme who sent you the code this number" in accepted

    await world.deliver_notices(ACME)
    card = world.slack.of("chat.postMessage")[-1]
    assert card["channel"] == alice.id and "Globex" in seen(card)
    connection_id = next(b["elements"][0]["value"] for b in card["blocks"] if b["type"] == "actions")
    await alice.click(ids.CLAIM_NUMBER, connection_id)
    wrong = await alice.submit(filled(world.modal, number="000 000" if number != "000 000" else "111 111"))
    assert "2 more tries" in errors_of(wrong)["number"]
    connected = await alice.submit(filled(world.modal, number=number))
    assert "acme_to_globex is active" in text_of(connected)

    await world.deliver_notices(ACME)
    replaced = [seen(call) for call in world.slack.of("chat.update")]
    assert any("used by Globex" in text for text in replaced)
    assert any("the number was right" in text for text in replaced)
    await alice.command("list")
    assert "Active" in world.said
    await alice.open_home()
    assert "*Active*" in world.home and world.organisation(ACME) != world.organisation(GLOBEX)
