"""What nano says in other languages than English."""

from __future__ import annotations

import pytest

from analyzer.edits.nano import Nano
from analyzer.edits.opened import Opened
from analyzer.edits.picture import Picture
from tests.analyzer.edits.test_command_lines import run


def screen(status: str, text: str) -> Picture:
    rows = ("  GNU nano 7.2          notes.txt", text, "", "", "", status, "^G Hilfe", "^X Beenden")
    return Picture(rows=rows, columns=80, x=0, y=1, alternate=True)


@pytest.mark.parametrize(
    ("said", "saved"),
    [
        ("[ Wrote 2 lines ]", "yes"),
        ("[ 2 Zeilen geschrieben ]", "yes"),
        ("[ 1 ligne écrite ]", "yes"),
        ("[ 2 líneas escritas ]", "yes"),
        ("[ Error writing notes.txt: Permission denied ]", "no"),
        ("[ Fehler beim Schreiben von notes.txt: Keine Berechtigung ]", "no"),
        ("[ Erreur lors de l'écriture de notes.txt\u00a0: Permission non accordée ]", "no"),
        ("[ Error al escribir «notes.txt»: Permiso denegado ]", "no"),
    ],
)
def test_whether_it_wrote_is_what_it_says(said: str, saved: str) -> None:
    nano = Nano(run("nano notes.txt"), Opened(kind="nano", paths=("/notes.txt",), here="/"))
    nano.look(screen("", "one"), 1.0)
    nano.type(b"a")
    nano.look(screen("", "aone"), 2.0)
    nano.type(b"\x0f")
    nano.look(screen("Dateiname zum Speichern: notes.txt", "aone"), 3.0)
    nano.type(b"\r")
    nano.look(screen(said, "aone"), 4.0)
    (edit,) = nano.take()
    assert (edit.saved, edit.added, edit.t) == (saved, ("aone",), 4.0)
