// Text parsing: key/value block at the end of a description, csv, and a small template
def text = '''Printer is broken.

--- data ---
Site: Berlin
Cost center : 4711
Tags: a, b,c
Empty:
Url: https://x.test/a?b=c:d
--- end ---
Thanks'''
def block = (text =~ /(?s)--- data ---\n(.*?)\n--- end ---/)[0][1]
def data = block.readLines().collectEntries { line ->
    def (k, v) = line.split(/\s*:\s*/, 2) as List
    [(k.toLowerCase().replaceAll(/\s+(\w)/) { all, c -> c.toUpperCase() }): v?.trim() ?: null]
}
replica.data = data
replica.tags = data.tags?.split(/\s*,\s*/)?.toList()
replica.site = data.site ?: 'unknown'
replica.num = data.costCenter?.isInteger() ? data.costCenter as int : -1
replica.rest = text.replaceAll(/(?s)\n*--- data ---.*--- end ---\n?/, '\n').trim().split('\n').toList()

def csv = '''id;name;qty
1;"Cable; red";2
2;Mouse;10
'''
def header
def rows = []
csv.eachLine { line, no ->
    def cells = (line =~ /("([^"]*)"|[^;]+)(;|$)/).collect { m -> m[2] ?: m[1] }
    if (no == 0) { header = cells } else { rows << [header, cells].transpose().collectEntries { it } }
}
replica.rows = rows
replica.qty = rows.sum { it.qty.toInteger() }
replica.names = rows*.name.sort { a, b -> a.size() <=> b.size() }

def template = 'Dear {name}, ticket {key} is {status|lower}. {missing}'
def filters = [lower: { it.toLowerCase() }, upper: { it.toUpperCase() }]
def model = [name: issue.assignee.displayName, key: issue.key, status: issue.status.name]
replica.text = template.replaceAll(/\{(\w+)(?:\|(\w+))?\}/) { all, name, filter ->
    def value = model[name] ?: "?$name?"
    filter ? filters[filter](value) : value
}
replica.wrap = text.split(/\s+/).inject(['']) { lines, word ->
    if ((lines[-1] + ' ' + word).size() > 20) { lines << word } else { lines[-1] = (lines[-1] + ' ' + word).trim() }
    lines
}
def sb = new StringBuilder()
for (ch in 'aaabbc') {
    if (sb.length() && sb.charAt(sb.length() - 1) == ch) continue
    sb.append(ch)
}
replica.squeezed = sb.toString()
replica.caesar = 'Hello'.collect { c -> (c ==~ /[a-z]/) ? (char) ((((char) c) - 97 + 3) % 26 + 97) : c }.join()
replica.roman = [1000: 'M', 900: 'CM', 500: 'D', 400: 'CD', 100: 'C', 90: 'XC', 50: 'L', 40: 'XL', 10: 'X', 9: 'IX', 5: 'V', 4: 'IV', 1: 'I'].inject([2024, '']) { st, v, r -> while (st[0] >= v) { st[0] -= v; st[1] += r }; st }[1]
replica.checksum = 'DE89370400440532013000'.with { (it[4..-1] + it[0..3]).collect { c -> c.isNumber() ? c : (((char) c) as int) - 55 }.join('').toBigInteger() % 97 }
replica.size = ['B', 'KB', 'MB'].with { units -> def n = 70000.0, i = 0; while (n >= 1024 && i < units.size() - 1) { n /= 1024; i++ }; String.format('%.1f %s', n, units[i]) }
