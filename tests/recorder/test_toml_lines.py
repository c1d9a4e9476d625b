"""Keys are found on the lines where they stand, whatever surrounds them."""

from __future__ import annotations

import contextlib
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recorder.toml_lines import dotted, line_of, lines_of, read_toml, real_place, toml_fault

DOCUMENT = """\
# a comment with key = "no" and [no.table]
top = 1
"quoted key" = "a # no comment"
text = '''
inside = "not a key"
[not.a.table]
'''
list = [
  "one", # ] not the end
  'two]',
]
inline = { a = 1, b = { c = 2 } }

[table] # [[not.an.array]]
key = 'literal \\' # ends at the quote
"""

ARRAYS = """\
[[a]]
id = "first"
[a.inner]
x = 1
[[a.deep]]
y = 1
[[a.deep]]
y = 2

[[a]]
b.c = 3
[[a.deep]]
y = 3
[other."with.dot"]
z = 1
"""


def test_strings_comments_and_brackets_hide_what_looks_like_keys() -> None:
    assert lines_of(DOCUMENT) == {
        ("top",): 2,
        ("quoted key",): 3,
        ("text",): 4,
        ("list",): 8,
        ("inline",): 12,
        ("table",): 14,
        ("table", "key"): 15,
    }


def test_arrays_of_tables_are_counted() -> None:
    lines = lines_of(ARRAYS)
    tomllib.loads(ARRAYS)
    assert lines["a", 0, "id"] == 2
    assert lines["a", 0, "inner", "x"] == 4
    assert lines["a", 0, "deep", 1, "y"] == 8
    assert lines["a", 1, "b", "c"] == 11
    assert lines["a", 1, "deep", 0, "y"] == 13
    assert lines["other", "with.dot", "z"] == 15


def test_a_place_without_a_line_has_that_of_what_is_around_it() -> None:
    lines = lines_of(ARRAYS)
    assert line_of(lines, ("a", 1, "missing")) == 10
    assert line_of(lines, ("nothing",)) is None


def test_names_of_union_members_are_no_part_of_a_place() -> None:
    raw = {"probe": [{"kind": "http", "every": 1}]}
    assert real_place(raw, ("probe", 0, "http", "every")) == ("probe", 0, "every")
    assert real_place(raw, ("probe", 0, "http", "id")) == ("probe", 0, "id")
    assert dotted(("probe", 0, "every")) == "probe[0].every"


_key = st.from_regex(r"[a-z][a-z0-9_-]{0,8}", fullmatch=True)
_value = st.sampled_from(
    ["1", '"x = 1"', "'[t]'", '"""\nk = 1\n[t]\n"""', "'''\n# \"\n'''", '[\n"a",\n  1 # ]\n]',
     '"\\" = "', '"""a"""""', "{ i = 1 }", "1979-05-27"]
)  # fmt: skip
_tables = st.dictionaries(_key, st.dictionaries(_key, _value, max_size=4), max_size=5)


@given(_tables, st.sampled_from(["", "# note\n", "\n\n"]))
def test_every_key_of_a_document_is_found_where_it_was_written(
    tables: dict[str, dict[str, str]], between: str
) -> None:
    text, expected = "", {}
    for table, keys in tables.items():
        text += f"{between}[[{table}]]\n"
        expected[table, 0] = text.count("\n")
        for key, value in keys.items():
            text += between
            expected[table, 0, key] = text.count("\n") + 1
            text += f"{key} = {value}\n"
    tomllib.loads(text)
    assert lines_of(text) == expected


@given(st.text(alphabet="[]{}=\"'#\\\n ab.1", max_size=80))
def test_any_text_is_scanned_to_its_end_and_every_top_key_is_found(text: str) -> None:
    lines = lines_of(text)
    with contextlib.suppress(tomllib.TOMLDecodeError):
        assert {(key,) for key in tomllib.loads(text)} <= {place[:1] for place in lines}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a = 1\nb = = 2", "my.toml:2: b: not TOML (Invalid value)"),
        ('a = 1\nb = """\nx\ny', "my.toml:2: b: not TOML (Unterminated string)"),
        ("a = 1\n\n[t]\nb = [1,\n2", "my.toml:4: t.b: not TOML (Unclosed array)"),
        ("[t]\na = 1\nb = 2\na = 3", "my.toml:4: t.a: not TOML (Cannot overwrite a value)"),
        ("[t]\n[u]\n[t]\n", "my.toml:3: t: not TOML (Cannot declare ('t',) twice)"),
        ("[[t]]\n[[t]]\na = tru", "my.toml:3: t[1].a: not TOML (Invalid value)"),
        ("x = 1\nn = " + "9" * 5000, "my.toml:2: n: not TOML that can be read"),
        (
            "x = 1\na" + ".b" * 9000 + " = 1",
            "my.toml:2: a: not TOML that can be read (too many parts of",
        ),
        (
            "x = 1\n[a" + ".b" * 120 + "]\nc = 1",
            "my.toml:2: a: not TOML that can be read (too many parts of",
        ),
        ("x = 1\na = " + "[" * 9000, "my.toml:2: a: not TOML that can be read (too many"),
    ],
)
def test_the_parsers_own_complaint_has_its_line_and_key(text: str, shown: str) -> None:
    with pytest.raises((ValueError, RecursionError)) as caught:
        read_toml(text)
    assert str(toml_fault("my.toml", caught.value, text)).startswith(shown)


@given(st.text(st.sampled_from("ab.=[]{}\"'\\#,1 \n\r_\u00e9"), max_size=40))
def test_any_text_that_is_refused_has_a_fault(text: str) -> None:
    try:
        tomllib.loads(text)
    except ValueError as error:
        fault = toml_fault("my.toml", error, text)
        assert fault.line is None or 1 <= fault.line <= text.count("\n") + 1
