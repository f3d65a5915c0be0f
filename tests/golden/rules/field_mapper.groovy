class FieldMapper {
    private final Map<String, Closure> rules = [:]
    private final List<String> problems = []
    Map defaults = [:]

    FieldMapper field(Map opts = [:], String name, Closure rule) {
        rules[name] = rule
        if (opts.containsKey('default')) defaults[name] = opts['default']
        return this
    }

    Map<String, Object> apply(source) {
        rules.collectEntries { name, rule ->
            def value
            try {
                value = rule.call(source)
            } catch (NullPointerException | MissingPropertyException e) {
                problems << "${name}: ${e.class.simpleName}".toString()
            }
            [(name): value != null ? value : defaults[name]]
        }.findAll { it.value != null }
    }

    def getErrors() { problems.asImmutable() }
    boolean isClean() { !problems }
}

def mapper = new FieldMapper()
    .field('title') { it.summary.replaceFirst(/^\[\w+\]\s*/, '') }
    .field('owner') { it.assignee?.displayName }
    .field('reporter', default: 'nobody') { it.reporter.displayName }
    .field('site') { src -> src.customFields.site?.value?.toUpperCase() }
    .field('impact') { it.customFields.impact.value.with { "${parent.value}/${child.value}" } }
    .field('gone') { it.customFields.nope?.value }

replica << mapper.apply(issue)
replica.clean = mapper.clean
replica.errors = mapper.errors.join(',')
try {
    mapper.errors << 'x'
} catch (UnsupportedOperationException ignored) {
    replica.locked = true
}
