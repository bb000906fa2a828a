"""From DuckDB's SQL to Spark's: the same file, read by sqlglot, with the few words that mean something else put right.

What it does not know how to say it refuses; it never guesses. What differs and is put right here, and why:

- Schemas: Spark's temporary views have none, so `staging.requests` becomes `staging__requests`.
- trim(): DuckDB takes off every kind of space that Unicode knows, Spark only the plain one.
- Regular expressions: DuckDB reads RE2, Spark reads Java's. In Java `$` also stands before a last line break, `\\s`
  holds one character more, `.` stops at five kinds of line break, `(?i)` folds only ASCII, and `[` in a class opens
  another class.
"""

from functools import lru_cache

import sqlglot
from sqlglot import exp

from etl.errors import UsageError

# The Unicode category Zs: what DuckDB's trim() takes off.
SPACES = "".join(map(chr, (0x20, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000)))
WHITE = r"\t\n\f\r "


def to_spark(select: str, name: str = "") -> str:
    """One select in Spark's words. Raises UsageError, naming the file, for what does not go over."""
    return _parsed(select, name).transform(_changed).sql(dialect="spark", unsupported_level=sqlglot.ErrorLevel.RAISE)


def tables_of(select: str, name: str = "") -> set[str]:
    """The tables with a schema that a select reads: schema.table."""
    return {f"{table.db}.{table.name}" for table in _parsed(select, name).find_all(exp.Table) if table.db}


def view_name(table: str) -> str:
    """What schema.table is called on Spark."""
    return table.replace(".", "__")


def java_pattern(pattern: str) -> str:
    """An RE2 pattern as a Java pattern that finds the same."""
    flags = "(?d)"
    if pattern.startswith("(?i)"):
        flags, pattern = "(?iud)", pattern.removeprefix("(?i)")
    made, in_class, at = [flags], False, 0
    while at < len(pattern):
        letter, two = pattern[at], pattern[at : at + 2]
        if letter == "\\":
            if two == r"\S" and in_class:
                raise UsageError(r"A regular expression with \S between brackets does not go over to Spark.")
            made.append({r"\s": WHITE if in_class else f"[{WHITE}]", r"\S": f"[^{WHITE}]"}.get(two, two))
            at += 2
            continue
        if in_class:
            in_class = letter != "]"
            made.append("\\" + letter if letter in "[&" else letter)
        else:
            in_class = letter == "["
            made.append(r"\z" if letter == "$" else letter)
        at += 1
    return "".join(made)


@lru_cache(maxsize=256)
def _parsed(select: str, name: str) -> exp.Expression:
    try:
        return sqlglot.parse_one(select, read="duckdb")
    except sqlglot.ParseError as error:
        raise UsageError(f"{name or 'A query'} cannot be read: {error}.") from error


def _changed(node: exp.Expression) -> exp.Expression:
    if isinstance(node, exp.Table) and node.db:
        view = exp.to_identifier(view_name(f"{node.db}.{node.name}"))
        named = exp.Table(this=view)
        return exp.alias_(named, node.alias, table=True) if node.alias else named
    if isinstance(node, exp.Trim) and not node.expression:
        node.set("expression", exp.Literal.string(SPACES))
    if isinstance(node, exp.RegexpReplace) and not node.expression.this.endswith("$"):
        raise UsageError("regexp_replace must end in $: DuckDB replaces once, Spark wherever it fits.")
    if isinstance(node, (exp.RegexpLike, exp.RegexpExtract, exp.RegexpReplace)):
        if not isinstance(node.expression, exp.Literal):
            raise UsageError("A regular expression that is no literal does not go over to Spark.")
        node.set("expression", exp.Literal.string(java_pattern(node.expression.this)))
    return node
