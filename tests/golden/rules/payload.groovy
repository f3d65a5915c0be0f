import groovy.json.*
import groovy.transform.*

@ToString(includeNames = true, excludes = ['secret'])
@EqualsAndHashCode(includes = ['id'])
class Ref { String id; String name; String secret }

@Canonical
class Pair2 { def left; def right }

@Immutable
class Money { BigDecimal amount; String currency }

@InheritConstructors
class SyncException extends RuntimeException { }

def payload = '''
{
  "total": 2,
  "items": [
    {"id": "A", "tags": ["x", "y"], "price": 10.50, "meta": null},
    {"id": "B", "tags": [], "price": 3, "meta": {"deep": {"er": true}}},
    {"id": "A", "tags": ["z"], "price": 1e2, "meta": {}}
  ]
}
'''
def json = new JsonSlurper().parseText(payload)
replica.total = json.total
replica.tags = json.items.tags.flatten()
replica.prices = json.items*.price*.class*.simpleName
replica.sum = json.items.sum { it.price }
replica.deep = json.items.collect { it.meta?.deep?.er ?: false }
def refs = json.items.collect { new Ref(id: it.id, name: it.id * 2, secret: 's') }
replica.refs = refs.toSet().size()
replica.shown = refs.first().toString()
replica.pair = new Pair2(1, [2]).toString()
replica.eq = new Pair2(1, 2) == new Pair2(left: 1, right: 2)
def m = new Money(9.99, 'EUR')
replica.money = m.toString()
try { m.amount = 1 } catch (ReadOnlyPropertyException e) { replica.ro = e.message }
try { throw new SyncException('boom', new IllegalStateException('inner')) } catch (SyncException e) { replica.err = "${e.message}/${e.cause.message}" }
replica.out = JsonOutput.toJson([id: 1, list: [1, 2.5, 'ü'], nested: [a: null, d: new Date(0)]])
replica.pretty = JsonOutput.prettyPrint(JsonOutput.toJson(json.items[1])).readLines().size()
def b = new JsonBuilder()
b.ticket {
    key issue.key
    labels issue.labels.collect { it.label }
    people { owner issue.assignee?.email; watchers([]) }
}
replica.built = b.toString()
replica.builder2 = new JsonBuilder(issue.comments.collect { c -> [id: c.id, by: c.author?.displayName ?: '?'] }).toString()
try { new JsonSlurper().parseText('{"a": }') } catch (JsonException e) { replica.badJson = true }
