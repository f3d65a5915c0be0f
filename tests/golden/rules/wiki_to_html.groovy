def convert(String wiki) {
    if (!wiki) return ''
    def out = new StringBuilder()
    def inList = false, inCode = false
    wiki.eachLine { raw ->
        def line = raw.trim()
        if (line == '{code}') {
            out << (inCode ? '</pre>' : '<pre>')
            inCode = !inCode
            return
        }
        if (inCode) { out << escape(raw) << '\n'; return }
        def heading = line =~ /^h(\d)\.\s*(.*)/
        if (heading) {
            out << "<h${heading[0][1]}>${heading[0][2]}</h${heading[0][1]}>"
        } else if (line.startsWith('* ')) {
            if (!inList) { out << '<ul>'; inList = true }
            out << "<li>${inline(line.substring(2))}</li>"
        } else {
            if (inList) { out << '</ul>'; inList = false }
            out << "<p>${inline(line)}</p>"
        }
    }
    if (inList) out << '</ul>'
    out.toString()
}

String escape(String s) { s.replace('&', '&amp;').replace('<', '&lt;').replace('>', '&gt;') }

String inline(String s) {
    s = escape(s)
    s = s.replaceAll(/\*(\S.*?)\*/) { all, t -> "<b>$t</b>" }
    s = s.replaceAll(/\[~(\w+)\]/, '<i>@$1</i>')
    s.replaceAll(/\b([A-Z]+-\d+)\b/, '<a href="https://x.test/$1">$1</a>')
}

replica.html = convert(issue.description)
replica.plain = replica.html.replaceAll(/<[^>]+>/, ' ').replaceAll(/\s{2,}/, ' ').trim()
replica.len = replica.plain.length()
replica.bytes = replica.plain.getBytes('UTF-8').length
replica.b64 = replica.plain.take(9).bytes.encodeBase64().toString()
replica.back = new String(replica.b64.decodeBase64(), 'UTF-8')
replica.url = "https://x.test/q?" + [q: 'a b&c', lang: 'de'].collect { k, v -> "${k}=${URLEncoder.encode(v, 'UTF-8')}" }.join('&')
replica.table = issue.attachments.collect { a ->
    a.filename.padRight(10, '.') + String.format('%,8d', a.filesize)
}.join('\n')
replica.title = issue.summary.toLowerCase().split(/\W+/).findAll().collect { it.capitalize() }.join(' ')
replica.slug = issue.summary.toLowerCase().replaceAll(/[^a-z0-9]+/, '-').replaceAll(/^-|-$/, '')
replica.initials = issue.assignee.displayName.split(' ').collect { it[0] }.join()
replica.email = issue.assignee.email.with { it[0..<it.indexOf('@')] + ' at ' + it.tokenize('@')[1] }
replica.heredoc = """\
    |Dear ${issue.assignee.displayName},
    |  ticket ${issue.key} is ${issue.status.name == 'Done' ? 'closed' : "still ${issue.status.name.toLowerCase()}"}.
    """.stripMargin().trim()
replica.dollar = $/path\to\$ ${issue.key} $$5/$
