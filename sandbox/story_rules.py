"""The story of a connection in Script mode goes on: one more line in a rule, and the next ticket shows it."""

from dataclasses import dataclass

from sandbox.companies import Companies
from sandbox.story import Step, modal_called, must_be_taken

_SOON = 30.0
_LINE = 'replica.summary = "[Acme] " + issue.summary'
_FIELD = "Outgoing rule"


def rule_steps(companies: Companies) -> tuple[Step, ...]:
    """From an active connection in Script mode on, with a scope that takes tickets of medium priority."""
    story, acme, globex = _Rules(companies), companies.acme, companies.globex
    return (
        Step(acme.name, "Adds a line to its outgoing rule (/connect rules)", story.change),
        Step(globex.name, "The next ticket shows it", story.shows),
    )


@dataclass(frozen=True, slots=True)
class _Rules:
    companies: Companies

    async def change(self) -> str:
        alice = self.companies.acme.admin
        await alice.command("/connect rules acme_to_globex")
        editor = await modal_called(alice, "Rules")
        await alice.type(_FIELD, f"{editor.values[_FIELD]}\n{_LINE}")
        must_be_taken(await alice.submit())
        await modal_called(alice, "Compare and save")
        await alice.type("Note", "Say whose ticket it is")
        must_be_taken(await alice.submit())
        saved = await modal_called(alice, "Rules saved")
        await alice.close_modal(everything=True)
        return f"Saved as version 1: {_LINE}" * ("version 1 of the outgoing rule" in saved.text)

    async def shows(self) -> str:
        acme, globex = self.companies.acme.desk, self.companies.globex.desk
        lena = acme.people.by_email("lena@acme.example")
        assert lena is not None
        acme.person(lena).raise_ticket("The lamp in room 5 flickers", "Since yesterday.", priority="Medium")
        await globex.until(lambda: any(one.subject.startswith("[Acme] The lamp") for one in globex.tickets), _SOON)
        return "Globex reads: [Acme] The lamp in room 5 flickers"
