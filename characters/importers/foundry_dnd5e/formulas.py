"""The arithmetic of Foundry's deterministic formulas: numbers, @references, + - * /, floor ceil max min."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping

_LONGEST = 300
_DEEPEST = 20
_LARGEST = 9999
# A hyphen belongs to the reference, as in Foundry: identifiers of classes hold hyphens.
_TOKEN = re.compile(
    r"\s*(?:(\d{1,6}(?:\.\d{1,6})?)|@([a-z0-9_.-]+)|([a-z]+)(?=\s*\()|([-+*/(),]))", re.ASCII | re.IGNORECASE
)
_FUNCTIONS: dict[str, Callable[..., float]] = {"floor": math.floor, "ceil": math.ceil, "max": max, "min": min}


class UnknownFormula(Exception):
    """The formula uses something that is not understood here, such as dice or a reference without a value."""


def evaluated(formula: str, references: Mapping[str, float]) -> float:
    """The value of a formula; nothing at all is 0. Raises UnknownFormula, also for values beyond ±9999."""
    if not formula.strip():
        return 0
    try:
        value = float(_Reader(_tokens(formula), references).whole())
    except (ArithmeticError, ValueError, TypeError):
        raise UnknownFormula(formula) from None
    if not abs(value) <= _LARGEST:
        raise UnknownFormula(formula)
    return value


def _tokens(formula: str) -> list[tuple[str, str]]:
    """Pairs of kind and text. Raises UnknownFormula."""
    if len(formula) > _LONGEST:
        raise UnknownFormula(formula)
    tokens, position, end = [], 0, len(formula.rstrip())
    while position < end:
        match = _TOKEN.match(formula, position)
        if not match:
            raise UnknownFormula(formula)
        kind = ("number", "reference", "function", "sign")[(match.lastindex or 1) - 1]
        tokens.append((kind, match[match.lastindex or 1]))
        position = match.end()
    return tokens


class _Reader:
    """Recursive descent over the tokens, one method per level of precedence."""

    def __init__(self, tokens: list[tuple[str, str]], references: Mapping[str, float]) -> None:
        self.tokens = tokens
        self.references = references
        self.position = 0
        self.depth = 0

    def whole(self) -> float:
        value = self.total()
        if self.position < len(self.tokens):
            raise UnknownFormula
        return value

    def total(self) -> float:
        value = self.product()
        while sign := self.taken("+", "-"):
            term = self.product()
            value = value + term if sign == "+" else value - term
        return value

    def product(self) -> float:
        value = self.signed()
        while sign := self.taken("*", "/"):
            factor = self.signed()
            value = value * factor if sign == "*" else value / factor
        return value

    def signed(self) -> float:
        factor = 1
        while sign := self.taken("+", "-"):
            factor = -factor if sign == "-" else factor
        return factor * self.single()

    def single(self) -> float:
        kind, text = self.next()
        if kind == "number":
            return float(text)
        if kind == "reference" and text in self.references:
            return self.references[text]
        if kind == "function" and text.lower() in _FUNCTIONS:
            self.expect("(")
            return _FUNCTIONS[text.lower()](*self.arguments())
        if text == "(":
            return self.arguments(most=1)[0]
        raise UnknownFormula

    def arguments(self, most: int = 20) -> list[float]:
        """What stands between an opening bracket, already taken, and its closing one."""
        self.depth += 1
        if self.depth > _DEEPEST:
            raise UnknownFormula
        values = [self.total()]
        while len(values) < most and self.taken(","):
            values.append(self.total())
        self.expect(")")
        self.depth -= 1
        return values

    def next(self) -> tuple[str, str]:
        if self.position >= len(self.tokens):
            raise UnknownFormula
        self.position += 1
        return self.tokens[self.position - 1]

    def taken(self, *signs: str) -> str:
        if self.position < len(self.tokens):
            kind, text = self.tokens[self.position]
            if kind == "sign" and text in signs:
                return self.next()[1]
        return ""

    def expect(self, sign: str) -> None:
        if not self.taken(sign):
            raise UnknownFormula
