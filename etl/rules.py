"""Turns what a source declares into SQL: one yes-or-no question for every row, and the reasons for rows that fail it.

Each rule is one pair (reason, condition that breaks it) and is used twice: joined by `or` on the hot path, one by one
over the few rows that failed. Reasons for every row would double the cost of loading.
"""

from dataclasses import dataclass
from datetime import date

from etl import personal_data
from etl.catalog import Reference, Rule, Source, SourceColumn
from etl.errors import UsageError


@dataclass(frozen=True)
class RowRules:
    """`checked` selects the typed columns plus one boolean per reference; the rest are conditions over it.

    `alone` decide whether a row is bad by itself, `besides` whether it is by today's date or another table. `reasons`
    name why: at least one holds wherever a condition holds, and some only matter for rows that are bad anyway.
    """

    checked: str
    alone: tuple[str, ...]
    besides: tuple[str, ...]
    reasons: tuple[Rule, ...]

    @property
    def broken(self) -> str:
        """True, never null, for a row that breaks any rule."""
        return _any_of((*self.alone, *self.besides))

    @property
    def broken_alone(self) -> str:
        """True, never null, for a row that breaks a rule whatever the day and the other tables are."""
        return _any_of(self.alone)


def _any_of(conditions: tuple[str, ...]) -> str:
    if not conditions:
        return "false"
    return "coalesce(" + "\n    or ".join(f"({condition})" for condition in conditions) + ", false)"


def row_rules(source: Source, typed: str, made: dict[str, str], today: date, *, is_marked: bool = False) -> RowRules:
    """Compose the rules of a source.

    `typed` is the relation with the typed columns, `made` its columns and types; if it `is_marked`, its column is_bad
    says which rows are bad by themselves. Raises UsageError where the select does not make what the source declares.
    """
    for column in source.kept:
        if made.get(column.name, "").lower() != column.type.replace(", ", ",").lower():
            raise UsageError(
                f"sources/{source.name}.sql: column {column.name!r} must be {column.type}, "
                f"and is {made.get(column.name, 'missing').lower()}."
            )
    found = {name for reference in source.references for name in reference.columns}
    alone: list[str] = []
    besides: list[str] = []
    reasons: list[Rule] = []
    for column in source.kept:
        text = f"{column.name}_text"
        of_type = _rules_of_type(column, text if text in made else None)
        of_text = _rules_of_text(column)
        alone += [rule.breaks for rule in of_type]
        if column.latest == "today":
            late = Rule(f"{column.name}: in the future", f"{column.name} > date '{today.isoformat()}'")
            besides.append(late.breaks)
            of_type.append(late)
        # What must be found in another table passed that table's own rules; asking again would only cost time.
        if column.name not in found:
            alone += [rule.breaks for rule in of_text]
            if column.type == "varchar" and not column.values and column.text != "code":
                alone.append(personal_data.any_hit(column.name, column.text))
        reasons += of_type + of_text + _net(column, text if text in made else column.name)
    missing = [Rule(reference.reason, f"missing_{place}") for place, reference in enumerate(source.references)]
    besides += [rule.breaks for rule in missing]
    alone = ["is_bad"] if is_marked else alone + [rule.breaks for rule in source.rules]
    reasons += [*missing, *source.rules]
    return RowRules(_checked(source, typed), tuple(alone), tuple(besides), tuple(reasons))


def _rules_of_type(column: SourceColumn, text: str | None) -> list[Rule]:
    name, rules = column.name, []
    if column.required:
        rules.append(Rule(f"{name}: required, and blank", f"{text or name} is null"))
    if text and column.type == "date":
        rules.append(Rule(f"{name}: not a date in the form YYYY-MM-DD", _differs(name, text)))
    elif text and column.type == "bigint":
        unfit = f"{_differs(name, text)} or {name} < 0"
        rules.append(Rule(f"{name}: not a whole number of 0 or more", unfit))
    elif text and column.type != "varchar":
        places = int(column.type.rstrip(")").split(",")[1]) if "," in column.type else 9
        sign, words = ("-?", "a number") if column.signed else ("", "a number of 0 or more")
        written = f"regexp_matches({text}, '^{sign}[0-9]+(\\.[0-9]{{1,{places}}})?$')"
        unfit = f"{text} is not null and ({name} is null or not {written})"
        rules.append(Rule(f"{name}: not {words} with at most {places} decimals", unfit))
    if column.earliest:
        rules.append(Rule(f"{name}: before {column.earliest}", f"{name} < date '{column.earliest}'"))
    if column.latest and column.latest != "today":
        rules.append(Rule(f"{name}: after {column.latest}", f"{name} > date '{column.latest}'"))
    return rules


def _differs(name: str, text: str) -> str:
    # The way back must give the same text: try_cast alone rounds 12.7 to 13 and takes 2024/1/5 for a date.
    return f"{text} is not null and ({name} is null or cast({name} as varchar) <> {text})"


def _rules_of_text(column: SourceColumn) -> list[Rule]:
    rules = []
    if column.values:
        listed = ", ".join(_quoted(value) for value in column.values)
        rules.append(Rule(f"{column.name}: not in the vocabulary", f"{column.name} not in ({listed})"))
    if column.format:
        unfit = f"not regexp_matches({column.name}, {_quoted(f'^(?:{column.format})$')})"
        rules.append(Rule(f"{column.name}: not {column.format_name or 'in the expected form'}", unfit))
    return rules


def _net(column: SourceColumn, text: str) -> list[Rule]:
    if column.type == "varchar":
        searched = personal_data.kinds("id" if column.text == "code" else column.text)
    else:
        # A badly written date is a bad date, not a birthday.
        searched = {kind: pattern for kind, pattern in personal_data.kinds("id").items() if kind != "a date of birth"}
    fits = f"{text} in ({', '.join(_quoted(value) for value in column.values)})" if column.values else None
    return [
        Rule(
            f"{column.name}: looks like {kind}",
            f"not ({fits}) and {personal_data.hit(text, pattern)}" if fits else personal_data.hit(text, pattern),
        )
        for kind, pattern in searched.items()
    ]


def _checked(source: Source, typed: str) -> str:
    columns, joins = ["typed.*"], []
    for place, reference in enumerate(source.references):
        columns.append(f"{_is_missing(reference, place)} as missing_{place}")
        keys = ", ".join(f"{to} as key_{number}" for number, to in enumerate(reference.to))
        on = " and ".join(f"typed.{name} = found_{place}.key_{number}" for number, name in enumerate(reference.columns))
        joins.append(f"left join (select distinct {keys} from staging.{reference.table}) as found_{place} on {on}")
    return f"select {', '.join(columns)} from {typed} as typed {' '.join(joins)}"


def _is_missing(reference: Reference, place: int) -> str:
    asked = [f"typed.{name} is not null" for name in reference.columns]
    if reference.unless:
        asked.append(f"not coalesce({reference.unless}, false)")
    return f"({' and '.join(asked)} and found_{place}.key_0 is null)"


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
