/* Diff two versions of a ticket and write a change note */
import groovy.transform.Field

@Field static final List<String> WATCHED = ['summary', 'status', 'priority', 'labels', 'due']
@Field int notes = 0

def flatten(Map source, String prefix = '') {
    source.collectEntries { k, v ->
        v instanceof Map ? flatten(v, "$prefix$k.") : [("$prefix$k".toString()): v]
    }
}

def diff(Map before, Map after) {
    def keys = (before.keySet() + after.keySet()).sort()
    keys.findResults { k ->
        def (o, n) = [before[k], after[k]]
        if (o == n) return null
        notes++
        [field: k, kind: o == null ? 'added' : n == null ? 'removed' : 'changed', from: o, to: n]
    }
}

def before = [summary: 'Old', status: [name: 'Open', id: 1], labels: ['a'], gone: 1]
def after = [summary: issue.summary - '[URGENT] ', status: [name: issue.status.name, id: 1], labels: issue.labels*.label, due: null, extra: 0]
def changes = diff(flatten(before), flatten(after))
replica.changes = changes.collect { c ->
    switch (c.kind) {
        case 'added': return "+ ${c.field}=${c.to}"
        case 'removed': return "- ${c.field}"
        default: return "~ ${c.field}: ${c.from} => ${c.to}"
    }
}
replica.notes = notes
replica.watched = changes*.field.findAll { it.tokenize('.')[0] in WATCHED }
replica.byKind = changes.countBy { it.kind }
def (added, other) = changes.split { it.kind == 'added' }
replica.split = [added.size(), other.size()]
def merged = [:]
after.due = 'x'
[before, after].each { m -> m.each { k, v -> merged.merge(k, v) { a, b -> b instanceof Map && a instanceof Map ? a + b : b } } }
replica.merged = merged.keySet().join(',')
replica.removed = before.keySet() - after.keySet()
replica.common = before.keySet().intersect(after.keySet())
before.removeAll { k, v -> v instanceof Number }
replica.rest = before.size()
def snapshot = after.asImmutable()
try { snapshot.x = 1; replica.mutable = true } catch (UnsupportedOperationException e) { replica.mutable = false }
def deep(o) { o instanceof Map ? o.collectEntries { k, v -> [k, deep(v)] } : o instanceof List ? o.collect { deep(it) } : o instanceof String ? o.toUpperCase() : o }
replica.upper = deep([a: 'x', b: ['y', [c: 'z']], n: 1])
