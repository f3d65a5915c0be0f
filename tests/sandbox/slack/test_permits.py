from __future__ import annotations

import pytest

from sandbox.slack.clock import HandClock
from sandbox.slack.errors import ApiError
from sandbox.slack.world import App, Install, Person, World
from tests.sandbox.slack.wizard import MANIFEST


@pytest.fixture
def world(hand_clock: HandClock) -> World:
    return World(hand_clock)


def people(world: World) -> tuple[App, Install, Person]:
    acme = world.add_team("Acme")
    app = world.add_app("Wizard", manifest=MANIFEST, transport="socket")
    return app, app.install(acme), acme.add_person("Alice")


def test_a_trigger_lives_three_seconds(world: World, hand_clock: HandClock) -> None:
    app, install, alice = people(world)
    trigger = world.permits.trigger(install, alice, None)
    hand_clock.advance(3.0)
    assert world.permits.look_at_trigger(trigger.id, app) is trigger
    hand_clock.advance(0.1)
    with pytest.raises(ApiError, match="expired_trigger_id"):
        world.permits.look_at_trigger(trigger.id, app)


def test_a_used_trigger_was_exchanged(world: World) -> None:
    app, install, alice = people(world)
    trigger = world.permits.trigger(install, alice, None)
    trigger.is_used = True
    with pytest.raises(ApiError, match="exchanged_trigger_id"):
        world.permits.look_at_trigger(trigger.id, app)


def test_a_trigger_of_another_app_or_of_nobody_is_invalid(world: World) -> None:
    _, install, alice = people(world)
    other = world.add_app("Other", manifest=MANIFEST, transport="socket")
    trigger = world.permits.trigger(install, alice, None)
    for trigger_id, app in ((trigger.id, other), ("1.2", install.app)):
        with pytest.raises(ApiError, match="invalid_trigger_id"):
            world.permits.look_at_trigger(trigger_id, app)


def test_permits_are_forgotten_after_an_hour(world: World, hand_clock: HandClock) -> None:
    app, install, alice = people(world)
    old = world.permits.trigger(install, alice, None)
    hand_clock.advance(3601)
    world.permits.trigger(install, alice, None)
    with pytest.raises(ApiError, match="invalid_trigger_id"):
        world.permits.look_at_trigger(old.id, app)
