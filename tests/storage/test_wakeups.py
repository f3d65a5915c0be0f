import asyncio

from storage.wakeups import Wakeups


async def test_a_waiter_is_woken_by_its_topic() -> None:
    wakeups = Wakeups()
    with wakeups.listen("notices", "dialler") as waiter:
        waiting = asyncio.create_task(waiter.wait(10))
        await asyncio.sleep(0)
        wakeups.publish(frozenset({"dialler"}))
        assert await waiting


async def test_a_wake_up_between_two_waits_is_not_lost() -> None:
    wakeups = Wakeups()
    with wakeups.listen("notices") as waiter:
        wakeups.publish(frozenset({"notices"}))
        assert await waiter.wait(0)


async def test_wake_ups_that_nobody_waited_for_count_as_one() -> None:
    wakeups = Wakeups()
    with wakeups.listen("notices") as waiter:
        wakeups.publish(frozenset({"notices"}))
        wakeups.publish(frozenset({"notices"}))
        assert await waiter.wait(0)
        assert not await waiter.wait(0)


async def test_a_wake_up_during_the_work_after_a_wait_is_seen_by_the_next_wait() -> None:
    wakeups = Wakeups()
    with wakeups.listen("notices") as waiter:
        wakeups.publish(frozenset({"notices"}))
        await waiter.wait(0)
        wakeups.publish(frozenset({"notices"}))
        assert await waiter.wait(0)


async def test_another_topic_does_not_wake() -> None:
    wakeups = Wakeups()
    with wakeups.listen("connection:a") as waiter:
        wakeups.publish(frozenset({"connection:b"}))
        assert not await waiter.wait(0)


async def test_all_who_listen_to_a_topic_are_woken() -> None:
    wakeups = Wakeups()
    with wakeups.listen("dialler") as one, wakeups.listen("dialler") as two:
        wakeups.publish(frozenset({"dialler"}))
        assert await one.wait(0)
        assert await two.wait(0)


async def test_who_left_is_forgotten() -> None:
    wakeups = Wakeups()
    with wakeups.listen("dialler") as one:
        pass
    wakeups.publish(frozenset({"dialler"}))
    assert not await one.wait(0)


async def test_a_subscriber_gets_the_topics_of_each_commit() -> None:
    wakeups, heard = Wakeups(), list[frozenset[str]]()
    wakeups.subscribe(heard.append)
    wakeups.publish(frozenset({"notices", "connection:a"}))
    assert heard == [frozenset({"notices", "connection:a"})]
