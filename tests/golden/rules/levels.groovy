enum Level {
    LOW(10, 'green') { boolean pages() { false } },
    MEDIUM(20, 'yellow') { boolean pages() { false } },
    HIGH(30, 'red') { boolean pages() { true } };

    final int weight
    final String color

    private Level(int weight, String color) {
        this.weight = weight
        this.color = color
    }

    abstract boolean pages()

    static final Map<String, Level> BY_NAME = values().collectEntries { [it.name().toLowerCase(), it] }

    static Level parse(String s) {
        BY_NAME.getOrDefault(s?.toLowerCase(), MEDIUM)
    }

    Level plus(int n) {
        values()[Math.min(ordinal() + n, values().size() - 1)]
    }
}

interface Escalation {
    Level escalate(Level from)
    default String explain(Level from) { "${from} -> ${escalate(from)}" }
}

class StepUp implements Escalation {
    int by = 1
    Level escalate(Level from) { from + by }
}

Escalation same = { Level l -> l } as Escalation
def level = Level.parse(issue.priority.name)
replica.level = level.name()
replica.color = level.color
replica.pages = level.pages()
replica.up = new StepUp(by: 2).explain(Level.LOW)
replica.same = same.explain(Level.MEDIUM)
replica.ranks = Level.values().sort { -it.weight }*.name()
replica.range = (Level.LOW..Level.HIGH).collect { it.color }
replica.map = Level.values().collectEntries { [(it): it.weight] }.findAll { k, v -> k > Level.LOW }.keySet().toString()
replica.cls = Level.HIGH.declaringClass.simpleName
replica.unknown = Level.parse(null).toString()
def counts = [:].withDefault { 0 }
[Level.LOW, Level.HIGH, Level.LOW].each { counts[it] += 1 }
replica.counts = counts.collect { k, v -> "$k:$v" }.join(' ')
switch (level) {
    case Level.HIGH:
        replica.route = 'oncall'
        break
    case [Level.LOW, Level.MEDIUM]:
        replica.route = 'queue'
        break
}
