"""A strict stand-in for Freshservice on 127.0.0.1: one account with its API, its people, its bad days and a page.

It refuses what the documentation says is refused (API v2 reference, read 2025-11), answers exactly the keys that live
accounts were seen to answer, and has a switch where accounts differ or where nobody outside knows.
"""

from sandbox.freshservice.faults import Fault, Faults, Trouble
from sandbox.freshservice.limits import BIG_PACK, ENTERPRISE, GROWTH, HOURLY, PRO, STARTER, UNLIMITED, Drawn, Plan
from sandbox.freshservice.person import NotPossible, Person
from sandbox.freshservice.records import Agent, Conversation, File, Group, Requester, Ticket, Upload, Workspace
from sandbox.freshservice.stand_in import FreshserviceStandIn
from sandbox.freshservice.switches import Switches
from sandbox.freshservice.webhooks import Automator, Delivery, Quirks, Rule
from sandbox.freshservice.wire import Call

__all__ = [
    "BIG_PACK",
    "ENTERPRISE",
    "GROWTH",
    "HOURLY",
    "PRO",
    "STARTER",
    "UNLIMITED",
    "Agent",
    "Automator",
    "Call",
    "Conversation",
    "Delivery",
    "Drawn",
    "Fault",
    "Faults",
    "File",
    "FreshserviceStandIn",
    "Group",
    "NotPossible",
    "Person",
    "Plan",
    "Quirks",
    "Requester",
    "Rule",
    "Switches",
    "Ticket",
    "Trouble",
    "Upload",
    "Workspace",
]
