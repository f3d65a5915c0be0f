"""How an account behaves where accounts differ, or where nobody outside knows for sure.

Read from the API v2 reference and from recordings of live accounts, 2025-11. The defaults are the best guess.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

MEGABYTE = 1024 * 1024


@dataclass(slots=True)
class Switches:
    """All as they are made: the best guess. Change them while it runs."""

    # every call
    refusal_status: int = 401  # some accounts answer a bad key with 403
    retry_after: str | None = None  # set: every call is one too many, with this header
    server_error: int | None = None  # set: this status and an HTML page
    internal_error: bool = False  # 500 with the documented JSON
    html: bool = False  # 200, but an HTML page
    redirect_to: str | None = None
    delay_seconds: float = 0.0
    drip_seconds: float = 0.0  # set: one byte, this pause, the next byte …
    ssl_required: bool = False
    suspended: bool = False
    unknown: bool = False  # no account of this name: 404, empty, without the limit headers
    compressed: bool = False  # says it is gzip although nobody asked
    huge_bytes: int = 0  # lists of tickets have a body of about this size
    not_found_has_json: bool = False
    decimal_limits: bool = False  # limit headers as "140.0"

    # the account
    workspaces: bool = True  # without: no such endpoint, parameter or attribute
    agents_me: bool = True
    newer_account: bool = False  # views carry planned_*, bcc_emails and the like

    # reading
    updated_since_is_exclusive: bool = False
    obeys_order_by: bool = False  # `order_by=updated_at` on lists
    list_lag_seconds: float = 0.0  # lists show how it was so long ago
    most_per_page: int | None = None  # lists give no more than this, whatever is asked
    filter_lag_seconds: float = 0.0  # the search index is that late
    filter_obeys_per_page: bool = False
    trashed_is_gone: bool = False  # a view of a trashed ticket is 404
    conversations_oldest_first: bool = False
    conversations_meta: bool = True
    links_expire_at_once: bool = False
    offset_times: bool = False  # due_by and fr_due_by of updates as +05:30

    # writing
    grain_seconds: int = 1  # times are cut to this
    private_notes_touch: bool = True  # … `updated_at` of the ticket
    idle_updates_touch: bool = True  # an update that changes nothing
    unproven_touches: bool = False  # editing or deleting a note, removing a file
    priority_matrix: bool = False  # urgency and impact decide the priority
    business_rule: Mapping[str, Any] = field(default_factory=dict)  # attributes that the account sets after each create
    attachment_limit: int = 40 * MEGABYTE  # of one ticket
