import java.util.regex.Pattern

final Pattern TIME = ~/(?i)(?:(?<h>\d+)\s*h)?\s*(?:(?<m>\d+)\s*m(?:in)?)?$/
def minutesOf = { String text ->
    def found = text =~ /(?i)time spent:\s*(.+)/
    if (!found) return 0
    def m = TIME.matcher(found[0][1].trim())
    if (!m.matches()) { return 0 }
    (m.group('h') ?: '0').toInteger() * 60 + ((m.group('m') ?: 0) as int)
}
int total = issue.comments.sum { c -> minutesOf(c.body) } ?: 0
replica.spent = total
replica.spentText = "${total.intdiv(60)}h ${total % 60}m"

def refs = (issue.description =~ /\b([A-Z]{2,})-(\d+)\b/).collect { [key: it[0], project: it[1], no: it[2] as Long] }
replica.refs = refs*.key
replica.byProject = refs.groupBy { it.project }.collectEntries { k, v -> [(k): v.no.max()] }

StringBuffer sb = new StringBuffer()
def m = issue.description =~ /\*(\w+)\*/
while (m.find()) {
    m.appendReplacement(sb, java.util.regex.Matcher.quoteReplacement('$' + m.group(1)))
}
m.appendTail(sb)
replica.text = sb.toString().readLines().findAll { !(it ==~ /\{code\}/) }.join(' | ')
replica.cut = issue.description.split('\n').take(2)*.trim()
def lines = []
issue.description.eachLine { line, i -> if (i % 2 == 0) lines << "${i + 1}: $line" }
replica.lines = lines
replica.ips = issue.description.findAll(/\d{1,3}(?:\.\d{1,3}){3}/)
replica.mention = issue.description.find(/\[~(\w+)\]/) { all, who -> "@$who" }
replica.tr = issue.key.toLowerCase().tr('a-z', 'A-Z').reverse()
replica.hash = issue.summary.md5().take(8)
