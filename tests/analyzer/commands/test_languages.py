"""Complaints in other languages than English are judged as their English ones are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.commands.languages import LANGUAGES, in_english, line_in_english
from analyzer.commands.outcome import judge, never_ran
from analyzer.shell import parse

MISSING = [
    ("demo", "-bash: demo: Kommando nicht gefunden."),
    ("demo", "bash: Zeile 3: demo: Kommando nicht gefunden."),
    ("demo", "Der Befehl 'demo' wurde nicht gefunden, meinten Sie:"),
    ("demo", "Befehl »demo« nicht gefunden, kann aber installiert werden mit:"),
    ("sudo demo", "sudo: demo: Befehl nicht gefunden"),
    ("demo", "-bash: demo\u00a0: commande introuvable"),
    ("demo", "bash: demo : commande introuvable"),
    ("sudo demo", "sudo: demo\u00a0: commande introuvable"),
    ("demo", "-bash: demo: orden no encontrada"),
    ("demo", "-bash: demo: comando non trovato"),
    ("./demo", "-bash: ./demo: Datei oder Verzeichnis nicht gefunden"),
    ("./demo", "-bash: ./demo: Keine Berechtigung"),
    ("./demo", "-bash: ./demo : Permission non accordée"),
    ("sudo demo", "sudo: Ein Passwort ist notwendig"),
    ("sudo demo", "sudo: 3 Fehlversuche bei der Passwort-Eingabe"),
    ("sudo demo", "»a« ist nicht in der sudoers-Datei."),
    ("sudo demo", "Leider darf der Benutzer a »/bin/demo« als root auf b nicht ausführen."),
    ("sudo demo", "Désolé, l'utilisateur a ne peut pas utiliser sudo sur b."),
]


@pytest.mark.parametrize(("text", "line"), MISSING)
def test_what_was_not_started_is_known_by_its_words(text: str, line: str) -> None:
    assert never_ran(parse(text)[0], line)
    assert judge(text, (line,)) == "failed"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (
            "ls /x",
            "ls: Zugriff auf '/x' nicht möglich: Datei oder Verzeichnis nicht gefunden",
        ),
        ("cat x", "cat: x: Keine Berechtigung"),
        ("cd x", "-bash: cd: x: Datei oder Verzeichnis nicht gefunden"),
        ("echo a > x", "-bash: x: Keine Berechtigung"),
        ("rm x", "rm: das Entfernen von 'x' ist nicht möglich: Keine Berechtigung"),
        ("ls /x", "ls: impossible d'accéder à '/x': Aucun fichier ou dossier de ce type"),
        ("cat x", "cat: x: Permiso denegado"),
        ("echo )", "-bash: Syntaxfehler beim unerwarteten Symbol »)«"),
        ("apt install x", "Abbruch."),
        ("apt install x", "Annulation."),
        ("apt install x", "E: Paket x kann nicht gefunden werden."),
    ],
)
def test_a_complaint_is_a_failure(text: str, line: str) -> None:
    assert judge(text, (line,)) == "failed"


def test_a_file_that_speaks_of_errors_is_no_error() -> None:
    assert judge("cat log", ("Keine Berechtigung",)) == "ok"
    assert judge("cat log", ("Die Datei x wurde nicht gefunden",)) == "ok"


def test_each_languages_phrases_become_english() -> None:
    for language in LANGUAGES:
        for foreign, english in language.errors.items():
            assert line_in_english(f"x: y: {foreign}") == f"x: y: {english}"
            assert line_in_english(f"x: y\u00a0: {foreign.upper()}.") == f"x: y: {english}"
        for foreign, english in language.phrases.items():
            assert english in line_in_english(f"x {foreign} y")


@given(st.lists(st.text(max_size=80), max_size=6))
def test_what_is_not_known_stays_as_it_is(lines: list[str]) -> None:
    said = tuple(lines)
    found = in_english(said)
    assert len(found) == len(said)
    assert all(line_in_english(a) == b for a, b in zip(said, found, strict=True))
