"""Every name that Slack sends back to us: commands, actions, views, blocks. Each is written once, here.

A block id is the name of a form's field. What follows a dot in it only makes Slack forget what was typed or chosen
there before, where the meaning of the field changed: `field_of` drops it.
"""

# The words after the command.
SETUP = "setup"
INITIATE = "initiate"
ACCEPT = "accept"
LIST = "list"
STATUS = "status"
EDIT = "edit"
PENDING = "pending"
CANCEL = "cancel"
PAUSE = "pause"
RESUME = "resume"
CLOSE = "close"
SCOPE = "scope"
BACKFILL = "backfill"
SYNC = "sync"
LINK = "link"
UNLINK = "unlink"
ERRORS = "errors"
EDIT_RULES = "rules"
HELP = "help"

# Actions: buttons, menus and inputs that tell us at once.
HOME_INITIATE = "home.initiate"
HOME_ACCEPT = "home.accept"
HOME_DESKS = "home.desks"
HOME_PREVIOUS = "home.previous"
HOME_NEXT = "home.next"
HOME_STATUS = "home.status"
HOME_MENU = "home.menu"
HOME_SCOPE = "home.scope"
HOME_BACKFILL = "home.backfill"
HOME_TICKET = "home.ticket"
HOME_ERRORS = "home.errors"
HOME_RULES = "home.rules"
DESK_ADD = "desk.add"
DESK_KEY = "desk.key"
DESK_REQUESTER = "desk.requester"
DESK_HOOK = "desk.hook"
DESK_REMOVE = "desk.remove"
DESK_BACK = "desk.back"
WIZARD_AGAIN = "wizard.again"
WIZARD_BACK = "wizard.back"
WIZARD_CHANGED = "wizard.changed"
OFFER_DECLINE = "offer.decline"
CLAIM_NUMBER = "claim.number"
CLAIM_REJECT = "claim.reject"
SCOPE_PREVIEW = "scope.preview"
BACKFILL_STOP = "backfill.stop"
PARKED_RETRY = "parked.retry"
PARKED_SKIP = "parked.skip"
PARKED_RULE = "parked.rule"
CONFLICT_TAKE = "conflict.take"
JOIN_YES = "join.yes"
JOIN_NO = "join.no"
RULES_BACK = "rules.back"
RULES_FILES = "rules.files"
RULES_DISCARD = "rules.discard"
RULES_VERSIONS = "rules.versions"
RULES_HTTP = "rules.http"
RULES_TRY = "rules.try"
TRIAL_DAYS = "trial.days"
TRIAL_STOP = "trial.stop"
TYPED = "typed"  # inputs that wait for the submit: Slack never reports them alone

# Purposes under which cards are remembered.
CLAIM_CARD = "claim"
BACKFILL_CARD = "backfill"

# Views.
VIEW_HOME = "home"
VIEW_NOTE = "note"  # shows something, takes nothing
VIEW_DESKS = "desks"
VIEW_DESK_ADD = "desk_add"
VIEW_DESK_KEY = "desk_key"
VIEW_DESK_REQUESTER = "desk_requester"
VIEW_WIZARD_RESUME = "wizard_resume"
VIEW_WIZARD = {1: "wizard_1", 2: "wizard_2", 3: "wizard_3", 4: "wizard_4"}
VIEW_PASTE = "paste"
VIEW_OFFER = "offer"
VIEW_DECLINE = "decline"
VIEW_NUMBER = "number"
VIEW_EDIT = "edit"
VIEW_CLOSE = "close"
VIEW_SCOPE = "scope"
VIEW_BACKFILL = "backfill"
VIEW_TICKET = "ticket"
VIEW_ERRORS = "errors"
VIEW_RULES = "rules"
VIEW_RULES_DIFF = "rules_diff"
VIEW_RULES_VERSIONS = "rules_versions"
VIEW_RULES_COMPARE = "rules_compare"
VIEW_RULES_TRY = "rules_try"

# Events.
HOME_OPENED = "app_home_opened"
UNINSTALLED = "app_uninstalled"
REVOKED = "tokens_revoked"

# Fields of our forms: block ids.
KIND, SHORT_NAME, ADDRESS, API_KEY = "kind", "short_name", "address", "api_key"
REQUESTER = "requester"
DESK, REACH, PARTNER_URL, RULES = "desk_id", "reach", "partner_url", "rules"
LOCAL_NAME, REMOTE_NAME, NAME, DESCRIPTION = "local_name", "remote_name", "name", "description"
DELIVER, PERSON, CHANNEL, SHARED_OK = "deliver", "person", "channel", "shared_ok"
EXPIRY, POLICY, AUTO = "expiry_hours", "policy", "auto"
CODE, REASON, NUMBER = "code", "reason", "number"
QUERY, DAYS = "query", "days"
ACT, OUR_TICKET, THEIR_TICKET = "act", "our_ticket", "their_ticket"
RULE_TEXT = {"outgoing": "outgoing", "incoming": "incoming"}
RULE_FILE = {"outgoing": "outgoing_file", "incoming": "incoming_file"}
NOTE, VERSION, AGAINST = "note", "version", "against"
RECENT, TICKET = "recent", "ticket"

# What was typed there is never sent back to Slack.
NEVER_REPEATED = frozenset({API_KEY, CODE, NUMBER})


def field_of(block_id: str) -> str:
    return block_id.partition(".")[0]
