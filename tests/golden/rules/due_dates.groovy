import java.time.*
import java.time.format.DateTimeFormatter
import java.time.temporal.ChronoUnit

LocalDate nextWorkday(LocalDate d) {
    def next = d.plusDays(1)
    while (next.dayOfWeek in [DayOfWeek.SATURDAY, DayOfWeek.SUNDAY]) { next = next.plusDays(1) }
    next
}

def fmt = DateTimeFormatter.ofPattern('dd.MM.yyyy')
LocalDate due = LocalDate.parse(issue.customFields.due.value as String)
replica.due = due.format(fmt)
replica.next = nextWorkday(due).toString()
replica.quarter = "Q${(due.monthValue - 1).intdiv(3) + 1}/${due.year}"
replica.created = issue.created.toInstant().atZone(ZoneId.of('Europe/Berlin')).toLocalDateTime().truncatedTo(ChronoUnit.MINUTES).toString()
def days = ChronoUnit.DAYS.between(issue.created.toInstant().atZone(ZoneOffset.UTC).toLocalDate(), due.plusWeeks(1))
replica.days = days
replica.span = issue.comments*.created.with { last().time - first().time }.intdiv(1000 * 60 * 60)
replica.stamps = issue.comments.collect { it.created.format("yyyy-MM-dd'T'HH:mm:ss.SSSZ", TimeZone.getTimeZone('UTC')) }
def cal = Calendar.getInstance(TimeZone.getTimeZone('UTC'))
cal.time = issue.created
cal.add(Calendar.MONTH, 11)
cal.set(Calendar.DAY_OF_MONTH, cal.getActualMaximum(Calendar.DAY_OF_MONTH))
replica.cal = cal.time.format('yyyy-MM-dd')
Duration d = Duration.ofSeconds(93784)
replica.dur = sprintf('%dd %02d:%02d', d.toDays(), d.toHours() % 24, d.toMinutes() % 60)
replica.age = Period.between(LocalDate.of(1999, 12, 31), due).with { [years, months, days].join('-') }
switch (due.month) {
    case Month.MARCH: replica.season = 'spring'; break
    case Month.JUNE..Month.AUGUST: replica.season = 'summer'; break
    default: replica.season = 'other'
}
try {
    LocalDate.parse('31.02.2024', fmt)
} catch (java.time.format.DateTimeParseException e) {
    replica.bad = e.class.simpleName
}
