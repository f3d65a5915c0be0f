trait Auditable {
    private List<String> entries = []
    void audit(String what) { entries << "${owner()}: $what".toString() }
    List<String> getEntries() { entries }
    abstract String owner()
}
trait Tagged {
    Set<String> tags = new TreeSet<>()
    def tag(String... names) { tags.addAll(names as List); this }
}
class Doc implements Auditable, Tagged {
    String title
    String owner() { "doc[$title]" }
}
record Point(int x, int y) {
    double dist() { Math.sqrt(x * x + y * y) }
    static Point origin() { new Point(0, 0) }
}
def d = new Doc(title: 'T')
d.tag('b', 'a').audit('tagged')
d.audit 'again'
replica.entries = d.entries
replica.tags = d.tags
replica.is = d instanceof Auditable && d instanceof Tagged
def p = new Point(3, 4)
replica.p = "$p ${p.x()} ${p.y} ${p.dist()}"
replica.peq = p == new Point(3, 4)
replica.origin = Point.origin().toString()
def "says hello to"(who) { "hello $who" }
replica.hello = "says hello to"('you')
def result = switch (issue.priority.name) {
    case 'Highest', 'High' -> 1
    case ~/Med.*/ -> 2
    default -> { def n = 3; yield n * 2 }
}
replica.result = result
outer:
for (int i = 0; i < 5; i++) {
    for (j in 0..4) {
        if (j == 3) continue outer
        if (i == 2) break outer
        replica["c$i$j"] = i * j
    }
}
def (int a, String b, c) = [1, 'two', 3.0, 4]
replica.multi = "$a$b$c"
(a, b) = [b.size(), a as String]
replica.swapped = [a, b]
var nums = [0x1F, 0b101, 017, 1_000, 10L, 2G, 1.5f, 2d, 1e3]
replica.nums = nums*.class*.simpleName
replica.bits = [5 & 3, 5 | 3, 5 ^ 3, ~5, 1 << 4, -16 >> 2, -1 >>> 28]
replica.arith = [7.intdiv(2), -7 % 3, 2 ** 10, 7 / 2, 10.5 % 3, 1 <=> 2]
int[][] grid = new int[2][3]
grid[1][2] = 7
replica.grid = grid*.toList()
String[] parts = 'a,b,c'.split(',')
replica.parts = parts[-1] + parts.length
replica.elvis = issue.reporter?.displayName ?: issue.assignee?.displayName ?: 'x'
issue.reporter ?= [displayName: 'Zed']
replica.reporter = issue.reporter.displayName
replica.spread = [*1..3, *['a'], *issue.labels*.label]
replica.mapSpread = [*: [q: 1], r: 2]
replica.inn = [2 in [1, 2], 'x' !in ['x'], 3 in 1..5, Integer in [Integer]]
replica.notnull = !!(issue.nothing?.at?.all)
replica.safeIdx = issue.nothing?[0]
assert replica.a == null : 'no a'
