"""Classes that only exist on a Java server, and what a rule writes instead."""

# By the beginning of the full name; the longest one that fits counts.
_PACKAGES = {
    "com.atlassian.": "use nodeHelper for people, types and statuses, and httpClient for the desk's own calls",
    "com.onresolve.": "use nodeHelper and httpClient",
    "com.exalate.": "use nodeHelper, syncHelper and httpClient",
    "services.jcloud.": "use httpClient for the desk's own calls",
    "services.": "use httpClient for the desk's own calls",
    "jcloudnode.": "use httpClient for the desk's own calls",
    "com.fasterxml.": "use groovy.json.JsonSlurper and JsonOutput",
    "com.google.gson": "use groovy.json.JsonSlurper and JsonOutput",
    "org.json.": "use groovy.json.JsonSlurper and JsonOutput",
    "play.": "use httpClient for the desk's own calls",
    "scala.": "use plain lists and maps, and httpClient for the desk's own calls",
    "akka.": "use httpClient for the desk's own calls",
    "org.apache.http": "use httpClient for the desk's own calls",
    "groovyx.net.http": "use httpClient for the desk's own calls",
    "java.net.http": "use httpClient for the desk's own calls",
    "java.net.": "use httpClient for the desk's own calls",
    "org.jsoup.": "use nodeHelper.stripHtml or replaceAll",
    "javax.crypto": "rules cannot encrypt or sign",
    "java.security": "rules cannot encrypt or sign",
    "java.io.": "rules have no files; attachments come through attachmentHelper",
    "java.nio.": "rules have no files; attachments come through attachmentHelper",
    "java.lang.reflect": "rules cannot look into classes",
    "java.lang.Process": "rules cannot start programs",
    "java.lang.Runtime": "rules cannot start programs",
    "java.lang.Thread": "rules run in one thread",
    "java.util.concurrent": "rules run in one thread",
    "groovy.sql.": "rules have no database; look values up in a map or with httpClient",
    "java.sql.": "rules have no database; look values up in a map or with httpClient",
    "groovy.util.Eval": "rules cannot run text as a rule",
    "groovy.lang.GroovyShell": "rules cannot run text as a rule",
    "groovy.lang.GroovyClassLoader": "rules cannot run text as a rule",
    "groovy.util.Xml": "rules read JSON, not XML",
    "groovy.xml.": "rules read JSON, not XML",
    "org.apache.log4j": "use log.info, log.warn or log.error",
    "org.slf4j": "use log.info, log.warn or log.error",
    "java.util.logging": "use log.info, log.warn or log.error",
    "groovy.util.logging": "use log.info, log.warn or log.error",
    "java.awt.": "write the colour as text",
}

# By simple name, where rules write the class without importing it or after an import with a star.
_SIMPLE = {
    "ComponentAccessor": "com.atlassian.", "ComponentManager": "com.atlassian.", "InjectorGetter": "services.",
    "ObjectMapper": "com.fasterxml.", "Jsoup": "org.jsoup.", "File": "java.io.", "FileReader": "java.io.",
    "FileWriter": "java.io.", "FileInputStream": "java.io.", "FileOutputStream": "java.io.",
    "BufferedReader": "java.io.", "InputStreamReader": "java.io.", "Files": "java.nio.", "Paths": "java.nio.",
    "Thread": "java.lang.Thread", "Runtime": "java.lang.Runtime", "ProcessBuilder": "java.lang.Process",
    "Process": "java.lang.Process", "Class": "java.lang.reflect", "ClassLoader": "java.lang.reflect",
    "Eval": "groovy.util.Eval", "GroovyShell": "groovy.lang.GroovyShell",
    "GroovyClassLoader": "groovy.lang.GroovyShell",
    "XmlSlurper": "groovy.xml.", "XmlParser": "groovy.xml.", "MarkupBuilder": "groovy.xml.", "Sql": "groovy.sql.",
    "Socket": "java.net.", "ServerSocket": "java.net.", "HttpURLConnection": "java.net.", "HttpClient": "java.net.",
    "URLConnection": "java.net.", "InetAddress": "java.net.", "RESTClient": "groovyx.net.http",
    "HTTPBuilder": "groovyx.net.http", "Executors": "java.util.concurrent", "ExecutorService": "java.util.concurrent",
    "Await": "scala.", "Promise": "scala.", "Duration$": "scala.", "Cipher": "javax.crypto", "Mac": "javax.crypto",
    "MessageDigest": "java.security", "Logger": "org.slf4j", "LoggerFactory": "org.slf4j", "Color": "java.awt.",
}  # fmt: skip

PACKAGE_ROOTS = {"java", "javax", "com", "org", "groovy", "groovyx", "scala", "play", "net", "io", "services", "akka"}


def replacement(name: str) -> str:
    """What to use instead of the class of that full or simple name; empty where nothing better is known."""
    fitting = [package for package in _PACKAGES if name.startswith(package)]
    if fitting:
        return _PACKAGES[max(fitting, key=len)]
    package = _SIMPLE.get(name.rpartition(".")[2], "") if "." not in name else ""
    return _PACKAGES.get(package, "")


def refusal(name: str) -> str:
    """The whole sentence about a class that no rule has."""
    instead = replacement(name)
    return f"rules have no class {name}" + (f"; {instead}" if instead else "")
