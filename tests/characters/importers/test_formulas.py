from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from characters.importers.foundry_dnd5e.formulas import UnknownFormula, evaluated

REFERENCES = {"prof": 3, "details.level": 5, "abilities.con.mod": -1, "classes.blood-hunter.levels": 4}


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("", 0),
        ("  ", 0),
        ("7", 7),
        ("+2", 2),
        ("--2", 2),
        ("0.5", 0.5),
        ("1 + 2 * 3", 7),
        ("(1 + 2) * 3", 9),
        ("10 - 4 - 3", 3),
        ("12 / 4 / 3", 1),
        ("2 * -3", -6),
        ("@prof", 3),
        ("2 * @details.level", 10),
        ("@abilities.con.mod + 1", 0),
        ("@classes.blood-hunter.levels", 4),
        ("floor(@details.level / 2)", 2),
        ("ceil(@details.level / 2)", 3),
        ("max(1, @abilities.con.mod)", 1),
        ("min(4, 2, 3)", 2),
        ("MAX (1, floor(7/2))", 3),
    ],
)
def test_value(formula: str, value: float):
    assert evaluated(formula, REFERENCES) == value


@pytest.mark.parametrize(
    "formula",
    [
        "1d4",
        "2[fire]",
        "@unknown",
        "@scale.fighter.bonus",
        "1 +",
        "(1",
        "1)",
        "()",
        "max()",
        "floor(1, 2)",
        "1 2",
        "1 / 0",
        "2 ** 3",
        "abs(1)",
        "__import__('os')",
        "1 > 0 ? 2 : 3",
        "99999",
        "9999 * 9999",
        "(" * 25 + "1" + ")" * 25,
        "1+" * 200 + "1",
        "٣",
    ],
)
def test_not_understood(formula: str):
    with pytest.raises(UnknownFormula):
        evaluated(formula, REFERENCES)


@given(st.text("0123456789.+-*/(), @prfloemaxincti", max_size=60) | st.text(max_size=40))
def test_a_number_in_range_or_refused(formula: str):
    with suppress(UnknownFormula):
        assert abs(evaluated(formula, REFERENCES)) <= 9999


@given(
    st.recursive(st.integers(0, 20).map(str), lambda part: st.tuples(part, st.sampled_from("+-*"), part).map(" ".join))
)
def test_agrees_with_python(formula: str):
    expected = eval(formula)
    if len(formula) <= 300 and abs(expected) <= 9999:
        assert evaluated(formula, {}) == expected
