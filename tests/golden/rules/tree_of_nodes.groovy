abstract class Node2 {
    String name
    Node2 parent
    List<Node2> children = []
    abstract def visit(Closure c)
    Node2 leftShift(Node2 child) { child.parent = this; children << child; this }
    int depth() { parent ? parent.depth() + 1 : 0 }
    String getPath() { parent ? "${parent.path}/$name" : name }
    def propertyMissing(String n) { children.find { it.name == n } }
    String toString() { "${this.class.simpleName}($name)" }
}
class Branch2 extends Node2 {
    def visit(Closure c) { c(this); children.each { it.visit(c) } }
    int size() { children.inject(0) { n, ch -> n + (ch instanceof Branch2 ? ch.size() : 1) } }
}
class Leaf2 extends Node2 implements Comparable<Leaf2> {
    int value
    def visit(Closure c) { c(this) }
    int compareTo(Leaf2 o) { value <=> o.value ?: name <=> o.name }
    boolean equals(Object o) { o instanceof Leaf2 && o.value == value && o.name == name }
    int hashCode() { 31 * value + name.hashCode() }
}
def root = new Branch2(name: 'root')
root << (new Branch2(name: 'a') << new Leaf2(name: 'x', value: 3) << new Leaf2(name: 'y', value: 1)) << new Leaf2(name: 'z', value: 2)
def seen = []
root.visit { seen << "${'  ' * it.depth()}${it.name}".toString() }
replica.tree = seen.join('\n')
replica.size = root.size()
replica.path = root.a.x.path
replica.none = root.a.q?.path ?: 'none'
def leaves = []
root.visit { if (it instanceof Leaf2) leaves << it }
replica.sorted = leaves.sort()*.name
replica.max = leaves.max().toString()
replica.unique = (leaves + [new Leaf2(name: 'x', value: 3)]).unique().size()
replica.set = (leaves as Set).contains(new Leaf2(name: 'z', value: 2))
replica.map = leaves.groupBy { it.value > 1 }.collectEntries { k, v -> [k ? 'big' : 'small', v*.name.sort()] }
class Temp { private double c; Temp(double c) { this.c = c }; double getF() { c * 9 / 5 + 32 }; void setF(double f) { c = (f - 32) * 5 / 9 }; static Temp of(Map m) { m.f != null ? new Temp(0).tap { f = m.f } : new Temp(m.c) }; double getC() { c } }
replica.f = new Temp(100).f
replica.c = Temp.of(f: 212).c.round(1)
def t = new Temp(10)
t.f += 18
replica.c2 = t.c
def props = [name: 'n', value: 7]
replica.leaf = new Leaf2(props).with { "$name=$value" }
def method = 'depth'
replica.dyn = root.a.x."$method"()
replica.resp = root.respondsTo('size') ? true : false
replica.inst = [root, 1, 's', null, [1], [a: 1], 1.5, 2L].collect { v ->
    switch (v) {
        case null: return 'null'
        case Node2: return 'node'
        case Number: return v.class.simpleName
        case CharSequence: return 'text'
        case Collection: return 'list'
        case Map: return 'map'
    }
}
