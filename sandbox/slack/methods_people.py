"""Who and where: `auth.*`, `users.*`, `usergroups.*`, `conversations.*`."""

from __future__ import annotations

from sandbox.slack.errors import ApiError
from sandbox.slack.forms import Json
from sandbox.slack.methods import Ask, Method
from sandbox.slack.posting import channel_for, direct_messages
from sandbox.slack.world import Channel, Install, Person


def auth_test(ask: Ask) -> Json:
    install = ask.install
    return {
        "url": f"https://{install.team.domain}.slack.com/",
        "team": install.team.name,
        "user": install.bot_user.handle,
        "team_id": install.team.id,
        "user_id": install.bot_user.id,
        "bot_id": install.bot_id,
        "is_enterprise_install": False,
    }


def users_info(ask: Ask) -> Json:
    ask.need("users:read")
    person, is_stranger = ask.world.person_seen_by(ask.install, ask.text("user"))
    return {"user": person_shape(person, ask.install, is_stranger=is_stranger)}


def users_list(ask: Ask) -> Json:
    ask.need("users:read")
    rows = [person_shape(person, ask.install, is_stranger=False) for person in ask.install.team.people.values()]
    return ask.page("members", rows)


def usergroups_users_list(ask: Ask) -> Json:
    ask.need("usergroups:read")
    group = ask.install.team.groups.get(ask.text("usergroup"))
    if group is None:
        raise ApiError("no_such_subteam")
    return {"users": [person.id for person in group.people if not person.is_deactivated]}


def conversations_info(ask: Ask) -> Json:
    wanted = ask.text("channel")
    if wanted not in ask.world.channels:
        raise ApiError("channel_not_found")
    channel = channel_for(ask.world, ask.install, wanted)
    ask.need(_read_scope(channel))
    return {"channel": channel_shape(channel, ask.install)}


def conversations_members(ask: Ask) -> Json:
    channel = channel_for(ask.world, ask.install, ask.text("channel"))
    ask.need(_read_scope(channel))
    return ask.page("members", list(channel.members))  # type: ignore[arg-type]  # ids, not objects


def conversations_list(ask: Ask) -> Json:
    """Public channels, and of the private ones and direct messages those that the bot is in."""
    wanted = set((ask.optional("types") or "public_channel").split(","))
    bot = ask.install.bot_user
    known = {**ask.install.team.channels, **bot.channels}
    seen = [channel for channel in known.values() if not channel.is_private or channel.has(bot)]
    picked = [channel for channel in seen if _type(channel) in wanted]
    if ask.is_true("exclude_archived"):
        picked = [channel for channel in picked if not channel.is_archived]
    for kind in wanted:
        ask.need(_SCOPES.get(kind, "channels:read"))
    return ask.page("channels", [channel_shape(channel, ask.install) for channel in picked])


def conversations_open(ask: Ask) -> Json:
    ask.need("im:write")
    if channel_id := ask.optional("channel"):
        channel = channel_for(ask.world, ask.install, channel_id)
    else:
        users = ask.text("users").split(",")
        if len(users) > 1:
            raise ApiError("method_not_supported_for_channel_type")
        channel = direct_messages(ask.world, ask.install, users[0])
    return {"channel": {"id": channel.id}}


def person_shape(person: Person, install: Install, *, is_stranger: bool) -> Json:
    """As in `users.info`. Roles and profile details of other organisations' people are not told."""
    shape: Json = {
        "id": person.id,
        "team_id": person.team.id,
        "name": person.handle,
        "real_name": person.name,
        "deleted": person.is_deactivated,
        "profile": {"real_name": person.name, "display_name": person.handle, "team": person.team.id},
        "is_bot": person.is_bot,
        "is_app_user": False,
        "updated": 0,
    }
    if person.team is not install.team:
        return shape | {"is_stranger": is_stranger}
    return shape | {
        "tz": "Etc/UTC",
        "is_admin": person.is_admin,
        "is_owner": person.is_owner,
        "is_primary_owner": False,
        "is_restricted": person.is_guest,
        "is_ultra_restricted": person.is_single_channel_guest,
    }


def channel_shape(channel: Channel, install: Install) -> Json:
    shape: Json = {
        "id": channel.id,
        "created": 0,
        "is_archived": channel.is_archived,
        "is_channel": not channel.is_private and not channel.is_dm,
        "is_group": channel.is_private and not channel.is_dm,
        "is_im": channel.is_dm,
        "is_mpim": False,
        "is_private": channel.is_private,
        "is_shared": channel.is_ext_shared,
        "is_ext_shared": channel.is_ext_shared,
        "is_org_shared": False,
        "is_pending_ext_shared": False,
        "is_member": channel.has(install.bot_user),
        "context_team_id": install.team.id,
    }
    if channel.is_dm:
        return shape | {"user": next((one for one in channel.members if one != install.bot_user.id), None)}
    shape |= {"name": channel.name, "name_normalized": channel.name, "is_general": False}
    if channel.is_ext_shared:
        shape["shared_team_ids"] = [team.id for team in channel.teams]
        shape["connected_team_ids"] = [team.id for team in channel.teams if team is not install.team]
    return shape | {"num_members": len(channel.members)}


_SCOPES = {"public_channel": "channels:read", "private_channel": "groups:read", "im": "im:read", "mpim": "mpim:read"}


def _type(channel: Channel) -> str:
    if channel.is_dm:
        return "im"
    return "private_channel" if channel.is_private else "public_channel"


def _read_scope(channel: Channel) -> str:
    return _SCOPES[_type(channel)]


METHODS: dict[str, Method] = {
    "auth.test": auth_test,
    "users.info": users_info,
    "users.list": users_list,
    "usergroups.users.list": usergroups_users_list,
    "conversations.info": conversations_info,
    "conversations.members": conversations_members,
    "conversations.list": conversations_list,
    "conversations.open": conversations_open,
}
