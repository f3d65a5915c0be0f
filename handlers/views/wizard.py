"""`initiate`: one modal, four steps, and its last view with the code."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from flows.wizard import MAX_DESCRIPTION, Draft, Initiated, WizardStart
from handlers import ids
from handlers.blocks import (
    Block,
    Option,
    View,
    actions,
    button,
    channel_link,
    channels,
    context,
    date,
    escape,
    in_code,
    input_block,
    mention,
    modal,
    people,
    preformatted,
    radio,
    section,
    select,
    text_input,
    tick,
)
from handlers.views.desks import desk_options, no_desk_view
from handlers.words import EXPIRY, REACH, RULES, policy_words
from pairing.names import proposed_name
from pairing.terms import ConflictPolicy, Reach, RulesMode, Side

_REACHES = {
    Reach.PUBLIC: Option(Reach.PUBLIC, "Partner's address", "Public: both sides call each other, so both need a URL"),
    Reach.PRIVATE: Option(
        Reach.PRIVATE, "I don't have a URL for my partner", "Private: only they call us, nothing is opened there"
    ),
    Reach.LOCAL: Option(Reach.LOCAL, "On this node", "Local: both desks are served here, nobody calls anybody"),
}
_RULES = (
    Option(RulesMode.BASIC, "Basic", "Free, common fields mapped for you, for simple needs"),
    Option(RulesMode.SCRIPT, "Script", "Groovy rules, each side configures its own"),
)
_DELIVERIES = (
    Option("dm", "Direct message to me", "You pass the code on yourself"),
    Option("person", "A person", "The app sends them a direct message"),
    Option("channel", "A channel", "Everyone who can read the channel can read the code"),
)
_SHARED = Option("yes", "I understand that everyone in this channel can read the code")
_AUTO = Option("yes", "Activate as soon as the code is used", "Without the number: whoever uses the code is connected")


@dataclass(frozen=True, slots=True)
class Step:
    """What one step shows. `errors` go by field; `shared` is true when the chosen channel reaches another organisation;
    `origin` is the channel where the person typed the command, "" for none."""

    draft: Draft
    start: WizardStart
    errors: Mapping[str, str] = field(default_factory=dict)
    shared: bool = False
    origin: str = ""


def step_view(step: Step) -> View:
    """The draft's step; without a desk (the last one may just have been removed) the way to one."""
    if not step.start.desks:
        return no_desk_view("To invite a partner, first add the desk that you want to connect.")
    number = step.draft.step
    blocks = {1: _reach, 2: _mode, 3: _names, 4: _delivery}[number](step)
    if number > 1:
        blocks.append(actions(button("Back", ids.WIZARD_BACK, label=f"Back to step {number - 1}")))
    return modal(
        ids.VIEW_WIZARD[number],
        f"Connect: step {number} of 4",
        blocks,
        submit="Send invitation" if number == 4 else "Next",
        meta=step.origin,
        tell_when_closed=True,
    )


def resume_view(draft: Draft, origin: str) -> View:
    """A closed wizard is not lost."""
    name = draft.name or draft.remote_name
    about = f" for *{escape(name)}*" if name else ""
    return modal(
        ids.VIEW_WIZARD_RESUME,
        "Unfinished invitation",
        [
            section(
                f"You have an unfinished invitation{about}, at step {draft.step} of 4. Everything you typed is kept."
            ),
            actions(button("Start again", ids.WIZARD_AGAIN)),
        ],
        submit="Continue",
        meta=origin,
    )


# --- step 1


def _reach(step: Step) -> list[Block]:
    draft, start = step.draft, step.start
    options = desk_options(start.desks)
    # Another set of desks is another question: the old choice must not survive in it unseen.
    desk = input_block(
        f"{ids.DESK}.{len(options)}",
        "Which of your desks?",
        select(ids.TYPED, options, draft.desk_id, placeholder="Choose a desk"),
    )
    offered = tuple(_REACHES.values()) if start.can_be_called else (_REACHES[Reach.LOCAL],)
    reach = input_block(
        ids.REACH,
        "How do the two sides reach each other?",
        radio(ids.WIZARD_CHANGED, offered, draft.reach or ""),
        live=True,
    )
    blocks = [desk, *_wrong(step, "desk_id")]
    blocks += [] if start.can_be_called else [_cannot_be_called()]
    blocks += [reach, *_wrong(step, "reach")]
    if draft.reach is Reach.PUBLIC and start.can_be_called:
        blocks += [_address(draft), *_wrong(step, "partner_url")]
    return blocks


def _address(draft: Draft) -> Block:
    return input_block(
        ids.PARTNER_URL,
        "Partner's address",
        text_input(ids.TYPED, draft.partner_url, longest=180, placeholder="https://bridge.example.com"),
        hint="The address of your partner's Drawbridge, not of their service desk. It is checked when you press Next.",
    )


def _cannot_be_called() -> Block:
    return section(
        "*This node has no public URL*, so no partner elsewhere could call it, and a code made here would lead nowhere."
        " Ask your partner to make the code: the side with a URL invites, and you accept it. Here you can connect two"
        " desks that this node serves."
    )


# --- step 2


def _mode(step: Step) -> list[Block]:
    return [
        section(
            "*Basic*: free, for simple needs. The common fields are mapped for you, tickets only; the rules cannot be"
            " edited.\n"
            "*Script*: for simple to advanced needs. Groovy rules decide what is sent and what is written; each side"
            " configures its own."
        ),
        input_block(ids.RULES, "Mode", radio(ids.TYPED, _RULES, step.draft.rules or "")),
        *_wrong(step, "rules"),
    ]


# --- step 3


def _names(step: Step) -> list[Block]:
    draft = step.draft
    example = proposed_name(draft.local_name or "acme", draft.remote_name or "globex", step.start.names_taken)
    return [
        input_block(
            ids.LOCAL_NAME,
            "Your short name",
            text_input(ids.WIZARD_CHANGED, draft.local_name, longest=18, placeholder="acme", live=True),
            hint="1 to 18 characters: a-z, 0-9, _ and -",
            live=True,
        ),
        *_wrong(step, "local_name"),
        input_block(
            ids.REMOTE_NAME,
            "Your partner's short name",
            text_input(ids.WIZARD_CHANGED, draft.remote_name, longest=18, placeholder="globex", live=True),
            hint="How you call them; they may choose another one for themselves",
            live=True,
        ),
        *_wrong(step, "remote_name"),
        input_block(
            # A new proposal is a new field, or Slack would keep showing the old one.
            f"{ids.NAME}.{draft.name}",
            "Connection name",
            text_input(ids.TYPED, draft.name, longest=40, placeholder=example),
            hint=f"Unique here. Left empty it becomes {example}",
            optional=True,
        ),
        *_wrong(step, "name"),
        input_block(
            ids.DESCRIPTION,
            "Description",
            text_input(ids.TYPED, draft.description, longest=MAX_DESCRIPTION, multiline=True),
            hint="Your partner reads it before they accept",
            optional=True,
        ),
        *_wrong(step, "description"),
    ]


# --- step 4


def _delivery(step: Step) -> list[Block]:
    draft = step.draft
    return [
        input_block(ids.DELIVER, "Send the code to", radio(ids.WIZARD_CHANGED, _DELIVERIES, draft.deliver), live=True),
        *_wrong(step, "deliver"),
        *_receiver(step),
        *_wrong(step, "deliver_to"),
        *_shared_notice(step),
        input_block(ids.EXPIRY, "The code is good for", radio(ids.TYPED, _expiries(), str(draft.expiry_hours))),
        *_wrong(step, "expiry_hours"),
        input_block(ids.POLICY, "When both sides changed the same field", select(ids.TYPED, _policies(), draft.policy)),
        *_auto(step),
        section(_summary(step)),
    ]


def _receiver(step: Step) -> list[Block]:
    draft = step.draft
    if draft.deliver == "person":
        return [input_block(ids.PERSON, "Person", people(ids.WIZARD_CHANGED, draft.deliver_to), live=True)]
    if draft.deliver == "channel":
        return [
            input_block(
                ids.CHANNEL,
                "Channel",
                channels(ids.WIZARD_CHANGED, draft.deliver_to),
                hint="The app must be a member of it: type /invite and the app's name there",
                live=True,
            )
        ]
    return []


def _shared_notice(step: Step) -> list[Block]:
    if not step.shared:
        return []
    where = channel_link(step.draft.deliver_to)
    text = (
        f"*{where} is shared with another organisation.* Everyone in it, on every side, can read the code, now and"
        " later in its history. It works once, and only after you typed the number that your partner's Slack shows."
    )
    # The tick belongs to this one channel: another channel needs its own.
    ok = tick(ids.TYPED, _SHARED, ticked=step.draft.shared_ok)
    block = input_block(f"{ids.SHARED_OK}.{step.draft.deliver_to}", "Shared channel", ok, optional=True)
    return [section(text), block, *_wrong(step, "shared_ok")]


def _expiries() -> tuple[Option, ...]:
    return tuple(Option(str(hours), words) for hours, words in EXPIRY.items())


def _policies() -> tuple[Option, ...]:
    return tuple(Option(policy, policy_words(policy, Side.INVITER)) for policy in ConflictPolicy)


def _auto(step: Step) -> list[Block]:
    if step.shared:
        return _wrong(step, "auto")
    box = tick(ids.TYPED, _AUTO, ticked=step.draft.auto)
    hint = "Safer without: then nothing is connected until you typed the number that your partner tells you"
    return [input_block(ids.AUTO, "Without the number", box, hint=hint, optional=True), *_wrong(step, "auto")]


def _summary(step: Step) -> str:
    draft = step.draft
    desk = next((d.short_name for d in step.start.desks if d.id == draft.desk_id), "?")
    reach = REACH[draft.reach] if draft.reach else "?"
    rules = RULES[draft.rules] if draft.rules else "?"
    lines = [
        "*What will be sent*: one message with a code that works once. Whoever opens it reads these terms:",
        f"• Connection *{escape(draft.name)}*: {in_code(draft.local_name)} (you), {in_code(draft.remote_name)}"
        " (partner)",
        f"• {escape(reach)}",
        f"• {rules} mode, on your side with desk `{escape(desk)}`",
    ]
    if draft.reach is Reach.PUBLIC:
        lines.insert(3, f"• Only from the partner at {escape(draft.partner_url.strip())}")
    if draft.description.strip():
        lines.append(f"• “{escape(draft.description.strip())}”")
    return "\n".join(lines)


def _wrong(step: Step, name: str) -> list[Block]:
    """The sentence under the field, where it can no longer be shown by Slack itself."""
    sentence = step.errors.get(name)
    return [section(f"*Please correct:* {escape(sentence)}", block_id=f"wrong.{name}")] if sentence else []


# --- the last view


def sent_view(made: Initiated, where: str, trouble: str = "") -> View:
    """The code, once. `where` (mrkdwn) is where it went; `trouble` (mrkdwn) why it did not."""
    connection, invitation = made.connection, made.invitation
    then = (
        "the connection is active from that moment."
        if invitation.auto
        else "then you enter the number that your partner's Slack shows."
    )
    went = f"*The invitation was sent to {where}.*" if not trouble else f"*The code was not sent to {where}.* {trouble}"
    return modal(
        ids.VIEW_NOTE,
        "Invitation code" if trouble else "Invitation sent",
        [
            section(went),
            section("*The code*, shown only now: it cannot be shown again."),
            preformatted(made.code.reveal()),
            context(f"Works once, until {date(invitation.expires_at)}. `pending` lists it, `cancel` withdraws it."),
            section(
                f"*{escape(connection.name)}*: your partner is *unknown* until somebody uses the code. You get a"
                f" message at once when that happens; {then}"
            ),
        ],
        close="Done",
    )


def where_words(deliver: str, to: str, user_id: str) -> str:
    """Mrkdwn."""
    if deliver == "channel":
        return channel_link(to)
    return "your direct messages" if deliver == "dm" or to == user_id else mention(to)
