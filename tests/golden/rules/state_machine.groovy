// Event handlers and a tiny state machine
class Machine {
    enum State { NEW, OPEN, WAITING, DONE }
    static class Transition {
        State from, to
        String on
        Closure guard = { true }
        String toString() { "$from-[$on]->$to" }
    }
    State state = State.NEW
    List<Transition> transitions = []
    private Map<String, List<Closure>> listeners = [:].withDefault { [] }
    List history = []

    def on(String event, @DelegatesTo(Machine) Closure handler) {
        handler.delegate = this
        handler.resolveStrategy = Closure.DELEGATE_FIRST
        listeners[event] << handler
        this
    }

    void allow(Map args) {
        transitions.add(new Transition(*: args))
    }

    boolean fire(String event, Object... payload) {
        def t = transitions.find { it.from == state && it.on == event && it.guard(*payload) }
        if (t == null) {
            history << "rejected $event in $state".toString()
            return false
        }
        history << t.toString()
        state = t.to
        listeners[event]*.call(payload as List)
        true
    }

    def getProperty(String name) {
        name == 'short' ? state.name().take(1) : this.@"$name"
    }
}
def m = new Machine()
m.allow(from: Machine.State.NEW, to: Machine.State.OPEN, on: 'open')
m.allow(from: Machine.State.OPEN, to: Machine.State.WAITING, on: 'ask', guard: { who -> who != null })
m.allow(from: Machine.State.WAITING, to: Machine.State.DONE, on: 'close')
def log = []
m.on('open') { args -> log << "opened by ${args[0]} (${state})".toString() }
m.on('ask') { log << "asked $it".toString() }
replica.open = m.fire('open', issue.assignee.displayName)
replica.ask = m.fire('ask', null)
replica.ask2 = m.fire('ask', 'Bob')
replica.close = m.fire('close')
replica.again = m.fire('close')
replica.state = m.state.toString()
replica.history = m.history
replica.log = log
replica.short = m.short
replica.states = Machine.State.values()*.name().join('>')
