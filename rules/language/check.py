"""Everything that can be said about a rule before it runs, for the person who saves it."""

from rules.language.compile import compile_script
from rules.language.errors import Finding, PlacedError
from rules.language.lint import handlers
from rules.language.lint.known import KnownKind, KnownNames
from rules.language.lint.walk import Walker
from rules.language.parser import parse

# Importing it fills the table of the walker.
PARTS = (handlers,)

__all__ = ["Finding", "KnownKind", "KnownNames", "check"]


def check(source: str, known: KnownNames) -> tuple[Finding, ...]:
    """What is wrong with a rule, by place. A text that cannot be read gives the one finding that stopped the reader."""
    try:
        script = parse(source)
    except PlacedError as problem:
        return (Finding(problem.line, problem.column, problem.message),)
    walker = Walker(script, known)
    try:
        walker.run()
        compile_script(script)
    except PlacedError as problem:
        # The walk says most of it in more words, and at the same place.
        is_hosts = problem.message.removeprefix("unable to resolve class ") in known.classes
        if not is_hosts and problem.line not in {finding.line for finding in walker.findings if finding.is_error}:
            walker.findings.append(Finding(problem.line, problem.column, problem.message))
    except RecursionError:
        walker.findings.append(Finding(1, 1, "the rule is nested too deeply"))
    found = [*walker.findings, *(Finding(n.line, n.column, n.message, is_error=False) for n in script.warnings)]
    return tuple(sorted(set(found), key=lambda finding: (finding.line, finding.column, finding.message)))
