// routing table with closures as predicates, first match wins
def routes = [
    [when: { i -> i.type.name == 'Incident' && i.priority.name in ['High', 'Highest'] }, to: 'NOC', sla: 1],
    [when: { i -> i.labels.any { l -> l.label =~ /vip/ } }, to: 'VIP', sla: 2],
    [when: { true }, to: 'Desk', sla: 8]
]
def hit = routes.find { it.when(issue) }
replica.team = hit.to
replica.others = routes.findAll { r -> r.when.call(issue) }.collect { r -> r.to }.tail()
replica.index = routes.findIndexOf { it.to == 'VIP' }

def retry(int times, Closure work) {
    int attempt = 0
    while (true) {
        attempt++
        try {
            return [attempt, work(attempt)]
        } catch (IllegalStateException e) {
            if (attempt >= times) throw new RuntimeException("gave up after $attempt: ${e.message}", e)
        } finally {
            attempts = (binding_count() ?: 0) + 1
        }
    }
}
attempts = 0
def binding_count() { attempts }

def (tries, value) = retry(5) { n -> if (n < 3) throw new IllegalStateException("n=$n"); n * 10 }
replica.tries = tries
replica.value = value
replica.attempts = attempts
try {
    retry(2) { throw new IllegalStateException('never') }
} catch (RuntimeException e) {
    replica.message = e.message
    replica.cause = e.cause?.class?.name
}
def memo = { int n -> n < 2 ? n : owner.memoFib(n - 1) + owner.memoFib(n - 2) }
def memoFib(n) { n < 2 ? n : memoFib(n - 1) + memoFib(n - 2) }
replica.fib = memoFib(12)
def compose = { Closure... fs -> fs.toList().inject({ it }) { acc, f -> acc >> f } }
replica.composed = compose({ it + 1 }, { it * 2 }, { "<$it>" })(4)
def gen = { int seed -> def state = seed; [next: { -> state = (state * 31 + 7) % 101 }, peek: { -> state }] }
def g = gen(5)
replica.random = (1..4).collect { g.next() }
replica.peek = g.peek()
def acc = []
1.step(10, 4) { acc << it }
10.downto(7) { acc << -it }
replica.acc = acc
replica.zip = [['a', 'b'], [1, 2]].transpose().collectEntries()
replica.nested = [[1, [2, 3]], [4]].flatten().collate(2)
replica.combos = [['x', 'y'], [1, 2]].combinations()*.join('')
replica.words = 'the quick brown the fox the'.split().countBy { it }.sort { a, b -> b.value <=> a.value ?: a.key <=> b.key }.take(2)
