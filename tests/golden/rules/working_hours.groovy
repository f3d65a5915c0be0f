def sla = [High: 4, Medium: 8, Low: 24]
def workHours = 8..17
def isWork = { Date d -> d.format('u', TimeZone.getTimeZone('UTC')).toInteger() <= 5 && workHours.contains(d.format('H', TimeZone.getTimeZone('UTC')).toInteger()) }
def start = Date.parse("yyyy-MM-dd HH:mm", "2024-03-01 15:30")
def hours = sla[issue.priority.name] ?: sla.Low
def t = start
while (hours > 0) {
    t = new Date(t.time + 3600000L)
    if (isWork(t)) hours--
}
replica.due = t.format("EEE yyyy-MM-dd HH:mm")
replica.overdue = issue.comments.findAll { it.created > t }.size()
replica.last = issue.comments.max { it.created }.id
replica.first = issue.comments.min { it.created.time }.body.split(/[.?!]/)[0]
replica.weekdays = (start..(start + 4)).collect { it.format('EE') }
replica.diff = (issue.comments[2].created - issue.comments[0].created)
replica.same = start.clone() == start && !start.is(start.clone())
replica.iso = issue.created.toInstant().toString()
replica.cleared = issue.created.clone().clearTime().format("yyyy-MM-dd'T'HH:mm:ss")
replica.month = issue.created[Calendar.MONTH] + 1
def c = issue.created.toCalendar()
c.set(Calendar.DAY_OF_WEEK, Calendar.MONDAY)
replica.monday = c.time.format('dd.MM')
use(groovy.time.TimeCategory) {
    def x = Date.parse('yyyy-MM-dd', '2024-01-31') + 1.month + 2.days - 3.hours
    replica.cat = x.format('yyyy-MM-dd HH')
    replica.dur = (x - Date.parse('yyyy-MM-dd', '2024-01-31')).days
}
def parse = { String s ->
    for (p in ["yyyy-MM-dd'T'HH:mm:ssX", 'yyyy-MM-dd HH:mm', 'dd/MM/yyyy', 'MMM d, yyyy']) {
        try {
            def f = new java.text.SimpleDateFormat(p, Locale.ENGLISH)
            f.lenient = false
            f.timeZone = TimeZone.getTimeZone('UTC')
            return f.parse(s)
        } catch (java.text.ParseException ignored) { }
    }
    null
}
replica.parsed = ['2024-03-01T10:00:00Z', '2024-03-01 10:00', '31/12/2023', 'Mar 5, 2024', '2024-13-01', 'x'].collect { parse(it)?.time }
replica.ts = new java.sql.Timestamp(issue.created.time).toString()
replica.fmt = String.format(Locale.ENGLISH, '%1$tY-%1$tm-%1$td %1$tH:%1$tM %1$tA', issue.created)
