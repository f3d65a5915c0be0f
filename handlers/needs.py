"""What the manifest of the Slack app must grant, kept beside the code that needs it."""

from handlers import ids

# Events the app subscribes to.
EVENTS = (ids.HOME_OPENED, ids.UNINSTALLED, ids.REVOKED)

# Each Web API method that we call, with the bot scopes it needs.
METHODS: dict[str, tuple[str, ...]] = {
    "auth.test": (),
    "apps.connections.open": (),  # an app-level token with connections:write, Socket Mode only
    "views.open": (),
    "views.push": (),
    "views.update": (),
    "views.publish": (),
    "chat.postMessage": ("chat:write", "im:write"),
    "chat.update": ("chat:write",),
    "conversations.open": ("im:write",),
    "files.getUploadURLExternal": ("files:write",),
    "files.completeUploadExternal": ("files:write",),
    "users.info": ("users:read",),
    "usergroups.users.list": ("usergroups:read",),
    "conversations.info": ("channels:read", "groups:read"),
}

# Scopes that no method but a feature needs: the slash command, and reading a rule that was uploaded into a form.
FEATURE_SCOPES = ("commands", "files:read")

SCOPES = tuple(sorted({scope for scopes in METHODS.values() for scope in scopes} | set(FEATURE_SCOPES)))

# Words after the command, for the usage hint; the command itself is a setting.
COMMAND_WORDS = (
    ids.SETUP,
    ids.INITIATE,
    ids.ACCEPT,
    ids.LIST,
    ids.STATUS,
    ids.EDIT,
    ids.PENDING,
    ids.CANCEL,
    ids.PAUSE,
    ids.RESUME,
    ids.CLOSE,
    ids.SCOPE,
    ids.EDIT_RULES,
    ids.BACKFILL,
    ids.SYNC,
    ids.LINK,
    ids.UNLINK,
    ids.ERRORS,
    ids.HELP,
)
