# ruff: noqa: E501 - rules are shown as people write them
"""Whole rules as people bring them from other tools: name, side, text, and what must come out of it."""

from typing import Any

from tests.rules.host.rules_of_people import Case

CASES: tuple[Case, ...] = (
    ("out: helpers as closures, maps of maps", "out", r"""
// ---- configuration ---------------------------------------------------------
def config = [
    statuses  : [Open: "New", Pending: "Waiting for customer", Resolved: "Done", Closed: "Done"],
    priorities: [Urgent: [name: "P1", sla: 4], High: [name: "P2", sla: 8], Medium: [name: "P3", sla: 24], Low: [name: "P4", sla: 72]],
    teams     : ["Desktop": "EUC", "Network": "NOC"].withDefault { "Service desk" },
]

// ---- helpers ---------------------------------------------------------------
def orElse = { value, other -> value == null || value == "" ? other : value }
def shorten = { String text, int most = 20 -> text?.size() > most ? text[0..<most] + "…" : text }

// ---- fields ----------------------------------------------------------------
replica.key         = issue.key
replica.summary     = shorten(issue.summary, 12)
replica.description = orElse(issue.description, "No description")
replica.status      = config.statuses[issue.status?.name] ?: issue.status?.name

def p = config.priorities[issue.priority?.name] ?: config.priorities.Medium
replica.priority = p.name
replica.slaHours = p.sla
replica.team     = config.teams[issue.group?.name]
replica.backup   = config.teams["nobody"]
""", lambda o: dict(o.fields), {
        "key": "#7", "summary": "Printer is o…", "description": "It **burns**.", "status": "New", "priority": "P2",
        "slaHours": 8, "team": "EUC", "backup": "Service desk"}),
    ("out: def methods with defaults and early returns", "out", r"""
def normalise(String text, String fallback = "n/a") {
    if (text == null) return fallback
    text = text.trim()
    if (text.isEmpty()) return fallback
    return text.replaceAll(/\s+/, " ").toLowerCase().capitalize()
}

def levelOf(name) {
    switch (name) {
        case null: return 0
        case "Urgent":
        case "High":
            return 1
        case ~/Med.*/:
            return 2
        default:
            return 3
    }
}

if (!issue.summary) { return }

replica.summary  = normalise(issue.summary)
replica.category = normalise(issue.category)
replica.nothing  = normalise(null)
replica.blank    = normalise("   ", "empty")
replica.level    = levelOf(issue.priority?.name)
""", lambda o: dict(o.fields), {
        "summary": "Printer is on fire", "category": "Hardware", "nothing": "n/a", "blank": "empty", "level": 1}),
    ("out: comments filtered by a pattern and signed", "out", r"""
replica.summary = issue.summary

// #share leaves even when internal; what the partner wrote never goes back
def wanted = issue.comments.findAll { c ->
    def body = c.body ?: ""
    (!c.internal || body =~ /(?i)#share\b/) && !(body ==~ /(?s)\*\*.*?\*\* \(Globex\):.*/)
}
replica.comments = wanted.collect { comment ->
    comment.body = """ + '"""' + r"""${comment.author?.displayName ?: 'Somebody'} (${comment.created.format('yyyy-MM-dd HH:mm')}):
${comment.body.replaceAll(/(?i)#share\b\s*/, '')}""" + '"""' + r"""
    comment
}
replica.commentCount = wanted.size()
""", lambda o: ([c.text for c in o.comments], o.fields["commentCount"]), (["Bob Buyer (2026-03-02 09:15):\nPlease hurry"], 1)),
    ("out: dates and working hours", "out", r"""
import java.text.SimpleDateFormat
import java.util.concurrent.TimeUnit

def fmt = new SimpleDateFormat("yyyy-MM-dd'T'HH:mm:ss'Z'")
fmt.setTimeZone(TimeZone.getTimeZone("UTC"))

Date due = issue.dueDate
if (due != null) {
    replica.dueText  = fmt.format(due)
    replica.remind   = (due - 1).format("dd/MM/yyyy")
    def cal = Calendar.getInstance(TimeZone.getTimeZone("UTC"))
    cal.setTime(due)
    cal.add(Calendar.DAY_OF_MONTH, 3)
    while (cal.get(Calendar.DAY_OF_WEEK) in [Calendar.SATURDAY, Calendar.SUNDAY]) {
        cal.add(Calendar.DAY_OF_MONTH, 1)
    }
    replica.escalate = cal.time.format("EEE dd MMM")
    def start = Date.parse("yyyy-MM-dd HH:mm", "2026-03-01 10:00")
    long hours = TimeUnit.MILLISECONDS.toHours(due.time - start.time)
    replica.hoursLeft = hours
    replica.days      = due - start
    replica.overdue   = due.before(new Date())
}
""", lambda o: dict(o.fields), {
        "dueText": "2026-03-05T10:00:00Z", "remind": "04/03/2026", "escalate": "Mon 09 Mar", "hoursLeft": 96, "days": 4,
        "overdue": False}),
    ("out: java.time and TimeCategory", "out", r"""
import groovy.time.TimeCategory
import java.time.*
import java.time.format.DateTimeFormatter
import java.time.temporal.ChronoUnit

def instant = issue.dueDate.toInstant()
def local = instant.atZone(ZoneId.of("Europe/Brussels")).toLocalDateTime()
replica.local = local.format(DateTimeFormatter.ofPattern("dd MMM yyyy HH:mm"))
replica.week  = ChronoUnit.WEEKS.between(LocalDate.of(2026, 1, 1), local.toLocalDate())
replica.day   = local.dayOfWeek.toString().toLowerCase().capitalize()

use(TimeCategory) {
    replica.plus = (issue.dueDate + 2.days + 3.hours).format("yyyy-MM-dd HH:mm")
}
def left = Duration.between(instant, instant.plus(90, ChronoUnit.MINUTES))
replica.left = "${left.toHours()}h ${left.toMinutes() % 60}m"
""", lambda o: dict(o.fields), {
        "local": "05 Mar 2026 11:00", "week": 9, "day": "Thursday", "plus": "2026-03-07 13:00", "left": "1h 30m"}),
    ("out: custom fields from a list of names", "out", r"""
final List<String> FIELDS = ["Affected site", "Cost", "Teams", "Needs approval", "Nothing"]

Map<String, Object> found = [:]
FIELDS.each { String name ->
    def field = issue.customFields."$name"
    if (field?.value == null) return          // next one
    def value = field.value
    found[name] = value instanceof Collection ? value*.toString().join(";") : value instanceof Boolean ? (value ? "Yes" : "No") : "$value"
}
replica.extra = found.collect { k, v -> "${k.toLowerCase().replace(' ', '_')}=$v" }.sort().join("&")
replica.total = (issue.customFields.Cost?.value ?: 0) * 2 + 0.5
""", lambda o: dict(o.fields), {"extra": "affected_site=Berlin&cost=12.5&needs_approval=Yes&teams=Red", "total": 25.5}),
    ("out: JSON by hand and by builder", "out", r"""
import groovy.json.JsonBuilder
import groovy.json.JsonOutput
import groovy.json.JsonSlurper

def payload = [
    id    : issue.id as Integer,
    title : issue.summary,
    labels: issue.labels.collect { it.label },
    people: [reporter: issue.reporter?.email, assignee: issue.assignee?.email],
    cost  : issue.customFields.Cost.value,
]
replica.payload = JsonOutput.toJson(payload)

def builder = new JsonBuilder()
builder.ticket {
    key issue.key
    open issue.status.name != "Closed"
    tags(issue.labels*.name)
}
replica.built = builder.toString()

def again = new JsonSlurper().parseText(replica.payload)
replica.check = again.labels.size() == 2 && again.people.reporter.endsWith("ours.example")
""", lambda o: dict(o.fields), {
        "payload": '{"id":7,"title":"Printer is on fire","labels":["fire","hardware"],"people":{"reporter":"bob@ours.example","assignee":"ann@ours.example"},"cost":12.5}',
        "built": '{"ticket":{"key":"#7","open":true,"tags":["fire","hardware"]}}', "check": True}),
    ("out: a class of converters", "out", r"""
class Markup {
    static final Map ENTITIES = ["&lt;": "<", "&gt;": ">", "&amp;": "&"]

    static String plain(String html) {
        if (!html) return ""
        def text = html.replaceAll(/(?i)<br\s*\/?>/, "\n").replaceAll(/<[^>]+>/, "")
        ENTITIES.each { k, v -> text = text.replace(k, v) }
        text.trim()
    }

    static String wiki(String md) {
        md?.replaceAll(/\*\*(.+?)\*\*/, '*$1*')?.replaceAll(/(?m)^# (.*)$/) { all, t -> "h1. ${t}" }
    }
}

class Counter {
    int words
    Counter(String text) { words = text ? text.split(/\s+/).size() : 0 }
    boolean isLong() { words > 2 }
    String toString() { "$words word${words == 1 ? '' : 's'}" }
}

replica.description = Markup.wiki(issue.description)
replica.html  = Markup.plain("<p>a &lt; b<br/>c &amp; d</p>")
replica.title = Markup.wiki("# Head\ntext")
def counter = new Counter(issue.summary)
replica.size  = "$counter, long: ${counter.long}"
""", lambda o: dict(o.fields), {
        "description": "It *burns*.", "html": "a < b\nc & d", "title": "h1. Head\ntext", "size": "4 words, long: true"}),
    ("out: try, catch, finally and null-safe chains", "out", r"""
def steps = []
def attempt = { String name, Closure work ->
    try {
        def value = work()
        steps << "$name ok".toString()
        return value
    } catch (NumberFormatException | IllegalArgumentException e) {
        steps << "$name: ${e.class.simpleName}".toString()
        return -1
    } catch (Exception e) {
        steps << "$name failed: ${e.message}".toString()
    } finally {
        steps << "after $name".toString()
    }
}
replica.number = attempt("number") { Integer.parseInt(issue.summary) }
replica.cost   = attempt("cost") { issue.customFields.Cost.value.toBigDecimal().setScale(1, java.math.RoundingMode.HALF_UP) }
replica.none   = attempt("none") { issue.customFields."Nothing".value.toString().trim().foo() }
replica.safe   = issue.customFields."Nothing"?.value?.value?.toString()?.toUpperCase() ?: "-"
replica.steps  = steps
""", lambda o: (o.fields["number"], o.fields["cost"], o.fields["safe"], len(o.fields["steps"]), o.fields["steps"][:2]),
     (-1, 12.5, "-", 6, ["number: NumberFormatException", "after number"])),
    ("out: attachments, sizes and a table as text", "out", r"""
def allowed = ["png", "jpg", "txt", "log"] as Set
long limit = 5 * 1024 * 1024

def (small, large) = issue.attachments.findAll { !it.internal }.split { it.filesize <= limit }
replica.attachments = small.findAll { it.filename.tokenize(".").last().toLowerCase() in allowed }

def human = { bytes ->
    def units = ["B", "KB", "MB"]
    def size = bytes as BigDecimal
    int i = 0
    while (size >= 1024 && i < units.size() - 1) { size /= 1024; i++ }
    "${size.setScale(1, BigDecimal.ROUND_HALF_UP)} ${units[i]}"
}
StringBuilder note = new StringBuilder("Not sent:\n")
large.sort { -it.filesize }.eachWithIndex { a, n ->
    note << "${n + 1}. ".padRight(4) << a.filename.padRight(12, ".") << human(a.filesize).padLeft(9) << "\n"
}
replica.note = note.toString().trim()
""", lambda o: (o.files, o.fields["note"]), (("5",), "Not sent:\n1.  trace.log...   8.6 MB")),
    ("out: loops with labels, ranges and counters", "out", r"""
def rows = [["red", 3], ["fire", 10], ["hardware", 7]]
int score = 0
String hit = null
search:
for (row in rows) {
    for (int i = 0; i < issue.labels.size(); i++) {
        if (issue.labels[i].label == row[0]) {
            hit = row[0]
            score += row[1]
            if (score >= 10) break search
        }
    }
}
replica.hit = hit
replica.score = score
def n = 0
do { n += 2 } while (n < 7)
replica.n = n
replica.bars = (1..5).collect { it <= score.intdiv(2) ? "#" : "-" }.join()
replica.grade = score in 8..12 ? "middle" : "other"
def odd = 0
1.upto(9) { if (it % 2) odd += it }
replica.odd = odd
""", lambda o: dict(o.fields), {"hit": "fire", "score": 10, "n": 8, "bars": "#####", "grade": "middle", "odd": 25}),
    ("in: the usual template with everything", "in", r"""
/* Incoming sync. Change the maps, not the code. */
def statusMap = [
    "New"        : "Open",
    "In Progress": "Pending",
    "Done"       : "Resolved",
    "Cancelled"  : "Closed",
]
def priorityMap = ["Urgent": "Urgent", "High": "High", "Normal": "Medium"]

if (firstSync) {
    issue.typeName = "Incident"
}
issue.summary     = "[${connection.partner}] " + replica.summary
issue.description = nodeHelper.stripHtml(replica.description) + "\n\n--\n" + replica.key
issue.status      = statusMap[replica.status?.name] ?: issue.status
issue.priority    = priorityMap.get(replica.priority?.name, "Low")
issue.labels      = (issue.labels*.label + replica.labels*.label + "synced").unique().sort()
issue.comments    = commentHelper.mergeComments(issue, replica) { it.internal = it.body.startsWith("Internal") }
issue.attachments = attachmentHelper.mergeAttachments(issue, replica)
def key = issue.customFields."External key"
key.value = replica.key
""", lambda o: (dict(o.fields), [c.is_public for c in o.comments]), ({
        "summary": "[Globex] VPN is slow", "description": "Since Monday\n\n--\nG-42", "status": "Pending", "priority": "Urgent",
        "tags": ["fire", "hardware", "remote", "synced", "vpn"], "custom.external_key": "G-42"}, [True, False, True])),
    ("in: people looked up by several ways", "in", r"""
def findUser = { candidate ->
    if (!candidate) return null
    def byMail = candidate.email ? nodeHelper.getUserByEmail(candidate.email) : null
    byMail ?: nodeHelper.getUserByFullName(candidate.displayName)
}
def fallback = ["nobody@ours.example", "bob@ours.example"].findResult { nodeHelper.getUserByEmail(it) }

def assignee = findUser(replica.assignee)
issue.assignee = assignee && nodeHelper.isUserAssignable(assignee) ? assignee : null
issue.reporter = findUser(replica.reporter) ?: fallback
def domain = replica.reporter?.email?.tokenize("@")?.last() ?: "unknown"
issue.customFields."External key".value = "${replica.reporter?.displayName} <${domain}>"
""", lambda o: dict(o.fields), {
        "assignee": "ann@ours.example", "requester": "bob@ours.example", "custom.external_key": "Cy Call <theirs.example>"}),
    ("in: fields parsed out of a text", "in", r"""
def text = '''Hello team,
Site: Oslo
Cost : 1,250.75
Teams: Red / Blue
Go live: 15.04.2026
Reference = ABC-123 (old), ABC-124
'''
def fields = [:]
text.eachLine { line ->
    def m = line =~ /^\s*([\w ]+?)\s*[:=]\s*(.+)$/
    if (m.matches()) {
        fields[m.group(1).toLowerCase()] = m.group(2).trim()
    }
}
issue.customFields."Affected site".value = fields.site
issue.customFields.Cost.value = fields["cost"].replace(",", "").toBigDecimal()
issue.customFields.Teams.value = fields.teams.split("/")*.trim()
issue.customFields."Go live".value = Date.parse("dd.MM.yyyy", fields."go live")
def keys = fields.reference.findAll(/[A-Z]+-\d+/)
issue.customFields."External key".value = keys.max { it.split("-")[1] as int }
issue.summary = "${replica.summary} (${keys.size()} ${keys.size() == 1 ? 'key' : 'keys'})"
""", lambda o: dict(o.fields), {
        "custom.affected_site": "Oslo", "custom.cost": 1250.75, "custom.teams": ["Red", "Blue"], "custom.go_live": "2026-04-15",
        "custom.external_key": "ABC-124", "summary": "VPN is slow (2 keys)"}),
    ("in: a routing table with closures as conditions", "in", r"""
def rules = [
    [when: { it.summary =~ /(?i)\b(vpn|wifi|lan)\b/ }, group: "Network", urgency: "High"],
    [when: { it.labels.any { l -> l.label == "printer" } }, group: "Desktop", urgency: "Low"],
    [when: { true }, group: "Desktop", urgency: "Medium"],
]
def chosen = rules.find { rule -> rule.when(replica) }
issue.group   = chosen.group
issue.urgency = chosen.urgency

def matrix = [
    High  : [High: "Urgent", Low: "Medium"],
    Medium: [High: "High", Low: "Low"],
]
issue.priority = matrix[chosen.urgency]?.get(replica.priority?.name in ["Urgent", "High"] ? "High" : "Low") ?: "Medium"
""", lambda o: dict(o.fields), {"group": "Network", "urgency": "High", "priority": "Urgent"}),
    ("in: only what changed, told in one note", "in", r"""
def before = previous
def changes = []
["status", "priority", "summary"].each { name ->
    def was = before?."$name"
    def now = replica."$name"
    if ("${was ?: ''}" != "${now ?: ''}") {
        changes << [field: name.capitalize(), was: was ?: "none", now: now]
    }
}
if (changes) {
    def lines = changes.collect { "* ${it.field}: ${it.was} → ${it.now}" }
    def note = (["Changed at ${connection.partner}:"] + lines).join("\n")
    issue.comments = commentHelper.addComment(note, true, issue.comments)
}
issue.summary = replica.summary
""", lambda o: (o.own_comments[0].text, o.own_comments[0].is_public), (
        "Changed at Globex:\n* Status: none → In Progress\n* Priority: Low → Urgent\n* Summary: none → VPN is slow", False)),
    ("in: a state machine that refuses steps", "in", r"""
class Flow {
    private final Map steps
    Flow(Map steps) { this.steps = steps }

    boolean allows(String from, String to) {
        from == to || to in (steps[from] ?: [])
    }

    List path(String from, String to, List seen = []) {
        if (from == to) return seen + to
        for (next in steps[from] ?: []) {
            if (next in seen) continue
            def found = path(next, to, seen + from)
            if (found) return found
        }
        return null
    }
}
def flow = new Flow([Open: ["Pending"], Pending: ["Open", "Resolved"], Resolved: ["Closed"]])
def target = [Done: "Resolved", "In Progress": "Pending"][replica.status.name]
def current = issue.status.name
if (target && flow.allows(current, target)) {
    issue.status = target
} else {
    log.warn("no way from ${current} to ${target}")
}
issue.customFields."External key".value = flow.path("Open", "Closed").join(" > ")
""", lambda o: dict(o.fields), {"status": "Pending", "custom.external_key": "Open > Pending > Resolved > Closed"}),
    ("in: the first run needs a value", "first", r"""
import com.exalate.api.exception.IssueTrackerException

def required = ["summary", "priority", "storyPoints"]
def missing = required.findAll { !replica."$it" }
if (missing) {
    throw new IssueTrackerException("Missing: ${missing.join(', ')}")
}
issue.typeName    = replica.type?.name ?: "Incident"
issue.summary     = replica.summary
issue.description = replica.description
issue.priority    = replica.storyPoints > 3 ? "High" : "Low"
""", lambda o: dict(o.fields), {
        "type": "Incident", "summary": "VPN is slow", "description": "Since <b>Monday</b>", "priority": "High"}),
    ("in: the rule stops with a sentence", "in", r"""
def allowed = ["Open", "Closed"]
def wanted = replica.status?.name
if (!(wanted in allowed)) {
    debug.error("Status '${wanted}' is not one of ${allowed.collect { "'$it'" }.join(' / ')}")
}
issue.status = wanted
""", lambda o: o, "Status 'In Progress' is not one of 'Open' / 'Closed'"),
    ("in: comments turned into wiki text", "in", r"""
def convert = { String body ->
    [
        [/\{code(?::\w+)?\}/, '```'],
        [/(?m)^h([1-6])\.\s+/, { all, level -> '#' * (level as int) + ' ' }],
        [/\*(\S[^*\n]*?)\*/, '**$1**'],
        [/\[([^|\]]+)\|([^\]]+)\]/, '[$1]($2)'],
    ].inject(body) { text, step -> text.replaceAll(step[0], step[1]) }
}
issue.comments = commentHelper.mergeComments(issue, replica) { comment ->
    comment.body = convert(comment.body)
    comment
}
issue.description = convert('''h2. Steps
*bold* and [link|https://x.example]
{code:java}x{code}''')
""", lambda o: (o.fields["description"], o.comments[1].text), (
        "## Steps\n**bold** and [link](https://x.example)\n```x```", "Internal: blame **them**")),
    ("in: sums over lists of maps", "in", r"""
def logs = [
    [who: "Ann", hours: 1.5, day: "2026-03-01"],
    [who: "Bob", hours: 2, day: "2026-03-01"],
    [who: "Ann", hours: 0.25, day: "2026-03-02"],
]
def perPerson = logs.groupBy { it.who }.collectEntries { who, l -> [who, l.sum { it.hours }] }
def perDay = logs.groupBy({ it.day }, { it.who }).collect { day, people -> "$day: ${people.keySet().join('+')}" }
def top = perPerson.max { it.value }
issue.description = perPerson.sort { -it.value }.collect { k, v -> "${k.padRight(5)}${v}h" }.join("\n") + "\n" + perDay.join("\n")
issue.customFields.Cost.value = logs*.hours.sum() * 40
issue.customFields."External key".value = "${top.key}/${logs.collect { it.day }.unique().size()}"
""", lambda o: dict(o.fields), {
        "description": "Bob  2h\nAnn  1.75h\n2026-03-01: Ann+Bob\n2026-03-02: Ann", "custom.cost": 150.0,
        "custom.external_key": "Bob/2"}),
    ("in: httpClient with an answer that is read", "in", r"""
def res = httpClient.get("/api/v2/tickets/7")
def subject = res?.ticket?.subject ?: "?"
def open = res.ticket.tasks.findAll { it.status != "done" }
issue.summary = "$subject: ${open.size()}/${res.ticket.tasks.size()} open"
issue.description = open.collect { t -> "- [${t.done ? 'x' : ' '}] ${t.title}" }.join("\n")
""", lambda o: dict(o.fields), {"summary": "Printer: 1/2 open", "description": "- [ ] buy ink"}),
    ("in: a tree walked with a closure that calls itself", "in", r"""
def tree = [name: "IT", children: [[name: "Laptop", children: []], [name: "Phone", children: [[name: "Mobile", children: []]]]]]
def walk
walk = { node, depth = 0 ->
    [("  " * depth) + node.name] + node.children.collectMany { walk(it, depth + 1) }
}
issue.description = walk(tree).join("\n")
def find
find = { node, name -> node.name == name ? node : node.children.findResult { find(it, name) } }
def where = replica.customFields."Where"?.value
issue.customFields."External key".value = "${find(tree, where?.child ?: 'Mobile')?.name}: ${where?.value}"
""", lambda o: dict(o.fields), {"description": "IT\n  Laptop\n  Phone\n    Mobile", "custom.external_key": "Laptop: IT"}),
    ("in: typed code in the way of Java", "in", r"""
import java.util.regex.Matcher
import java.util.regex.Pattern

List<String> parts = new ArrayList<String>();
Map<String, Integer> counts = new TreeMap<>();
Pattern word = Pattern.compile("[a-z]+", Pattern.CASE_INSENSITIVE);
Matcher matcher = word.matcher(replica.summary);
while (matcher.find()) {
    String found = matcher.group().toLowerCase();
    counts.put(found, counts.containsKey(found) ? counts.get(found) + 1 : 1);
    parts.add(found);
}
StringBuilder out = new StringBuilder();
for (Map.Entry<String, Integer> entry : counts.entrySet()) {
    if (out.length() > 0) {
        out.append(", ");
    }
    out.append(entry.getKey()).append("=").append(entry.getValue());
}
Collections.reverse(parts);
issue.setSummary(String.join(" ", parts));
issue.setDescription(out.toString());
boolean isLong = parts.size() > 2 ? true : false;
issue.getCustomFields().get("External key").setValue(String.format("%03d|%s", parts.size(), isLong));
""", lambda o: dict(o.fields), {"summary": "slow is vpn", "description": "is=1, slow=1, vpn=1", "custom.external_key": "003|true"}),
    ("in: @Field, enum and a map of closures", "in", r"""
import groovy.transform.Field

@Field final Map<String, Closure> ACTIONS = [
    close : { it.status = "Closed" },
    reopen: { it.status = "Open" },
    wait  : { it.status = "Pending"; it.priority = "Low" },
]
enum Severity {
    LOW(1), HIGH(5)
    final int weight
    Severity(int weight) { this.weight = weight }
    static Severity of(String name) { values().find { it.name().equalsIgnoreCase(name) } ?: LOW }
}
def act(String name, target) {
    def action = ACTIONS[name]
    if (action == null) throw new IllegalArgumentException("unknown action: $name")
    action(target)
}
try {
    act("explode", issue)
} catch (IllegalArgumentException e) {
    issue.description = e.message
}
act(replica.status.name == "In Progress" ? "wait" : "close", issue)
issue.customFields.Cost.value = Severity.of("high").weight + Severity.of("?").weight
""", lambda o: dict(o.fields), {
        "description": "unknown action: explode", "status": "Pending", "priority": "Low", "custom.cost": 6}),
)  # fmt: skip

ANSWERS: dict[tuple[str, str], Any] = {
    ("http", "GET /api/v2/tickets/7"): {
        "status": 200,
        "headers": {},
        "text": '{"ticket":{"subject":"Printer","tasks":[{"title":"buy ink","status":"open"},{"title":"call","status":"done"}]}}',
    }
}
