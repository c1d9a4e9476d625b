"""What shells, sudo and the C library say in other languages, put into the English that is judged.

A table a language, phrase by phrase, as the translations of bash, glibc, sudo and apt have them.
Another language is another table in `LANGUAGES`. What the phrases mean is for
`analyzer.commands.outcome` to say; what is shown and stored stays in the language it was said in.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

import re2


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """One language's words for what is judged.

    Attributes:
        errors: What stands at the end of a complaint behind a colon, and its English. Whether
            there is a full stop behind it, and capitals, do not matter.
        phrases: Parts of sentences, wherever they stand.
        unknown: Sentences that say that a command, group 1, is not there.

    """

    errors: dict[str, str]
    phrases: dict[str, str] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()


_GERMAN = Language(
    errors={
        "Kommando nicht gefunden": "command not found",
        "Befehl nicht gefunden": "command not found",
        "Datei oder Verzeichnis nicht gefunden": "No such file or directory",
        "Keine Berechtigung": "Permission denied",
        "Ist ein Verzeichnis": "Is a directory",
        "Ist kein Verzeichnis": "Not a directory",
        "Die Operation ist nicht erlaubt": "Operation not permitted",
        "Das Dateisystem ist nur lesbar": "Read-only file system",
        "Kein passender Prozess gefunden": "No such process",
        "Die Datei existiert bereits": "File exists",
        "Das Gerät oder die Ressource ist belegt": "Device or resource busy",
        "Das Verzeichnis ist nicht leer": "Directory not empty",
        "Auf dem Gerät ist kein Speicherplatz mehr verfügbar": "No space left on device",
        "Der Name oder der Dienst ist nicht bekannt": "Name or service not known",
        "Mehrdeutige Umlenkung": "ambiguous redirect",
        "Ein Passwort ist notwendig": "a password is required",
        "Es wurde kein Passwort angegeben": "no password was provided",
    },
    phrases={
        "[sudo] Passwort für ": "[sudo] password for ",
        "Das hat nicht funktioniert, bitte nochmal probieren.": "Sorry, try again.",
        "Fehlversuche bei der Passwort-Eingabe": "incorrect password attempts",
        "Fehlversuch bei der Passwort-Eingabe": "incorrect password attempt",
        "ist nicht in der sudoers-Datei": "is not in the sudoers file",
        "Leider darf der Benutzer ": "Sorry, is not allowed to execute for ",
        "Syntaxfehler": "syntax error",
        ": Zeile ": ": line ",
        "Abbruch.": "Abort.",
        "Abgebrochen.": "Abort.",
    },
    unknown=(r"^(?:Der )?Befehl [»'\"](\S+?)[«'\"] (?:wurde )?nicht gefunden",),
)
_FRENCH = Language(
    errors={
        "commande introuvable": "command not found",
        "Aucun fichier ou dossier de ce type": "No such file or directory",
        "Aucun fichier ou dossier de ce nom": "No such file or directory",
        "Permission non accordée": "Permission denied",
        "est un dossier": "Is a directory",
        "ceci est un répertoire": "Is a directory",
        "N'est pas un dossier": "Not a directory",
        "Opération non permise": "Operation not permitted",
        "Système de fichiers accessible en lecture seulement": "Read-only file system",
        "Aucun processus de ce type": "No such process",
        "Le fichier existe": "File exists",
        "Périphérique ou ressource occupé": "Device or resource busy",
        "Le dossier n'est pas vide": "Directory not empty",
        "Aucun espace disponible sur le périphérique": "No space left on device",
        "Nom ou service inconnu": "Name or service not known",
        "redirection ambiguë": "ambiguous redirect",
        "il est nécessaire de saisir un mot de passe": "a password is required",
        "aucun mot de passe fourni": "no password was provided",
    },
    phrases={
        "[sudo] Mot de passe de ": "[sudo] password for ",
        "Désolé, essayez de nouveau.": "Sorry, try again.",
        "saisies de mots de passe incorrectes": "incorrect password attempts",
        "saisie de mot de passe incorrecte": "incorrect password attempt",
        "n'est pas dans le fichier sudoers": "is not in the sudoers file",
        "n'est pas autorisé à exécuter ": "is not allowed to execute ",
        "ne peut pas utiliser sudo sur ": "may not run sudo on ",
        "erreur de syntaxe": "syntax error",
        ": ligne ": ": line ",
        "Annulation.": "Abort.",
    },
    unknown=(
        r"^La commande [«'\"]\s?(\S+?)\s?[»'\"] n'a pas été trouvée",
        r"^Commande [«'\"]\s?(\S+?)\s?[»'\"] (?:introuvable|non trouvée)",
    ),
)
_SPANISH = Language(
    errors={
        "orden no encontrada": "command not found",
        "no se encontró la orden": "command not found",
        "No existe el fichero o el directorio": "No such file or directory",
        "No existe el archivo o el directorio": "No such file or directory",
        "Permiso denegado": "Permission denied",
        "Es un directorio": "Is a directory",
        "No es un directorio": "Not a directory",
        "Operación no permitida": "Operation not permitted",
        "Sistema de ficheros de sólo lectura": "Read-only file system",
        "No existe el proceso": "No such process",
        "El fichero ya existe": "File exists",
        "Dispositivo o recurso ocupado": "Device or resource busy",
        "El directorio no está vacío": "Directory not empty",
        "No queda espacio en el dispositivo": "No space left on device",
        "Nombre o servicio desconocido": "Name or service not known",
        "redireccionamiento ambiguo": "ambiguous redirect",
    },
    phrases={
        "[sudo] contraseña para ": "[sudo] password for ",
        "Lo siento, pruebe otra vez.": "Sorry, try again.",
        "error sintáctico": "syntax error",
        ": línea ": ": line ",
        "Anulado.": "Abort.",
    },
    unknown=(r"^No se ha encontrado la orden [«'\"](\S+?)[»'\"]",),
)
_ITALIAN = Language(
    errors={
        "comando non trovato": "command not found",
        "File o directory non esistente": "No such file or directory",
        "Permesso negato": "Permission denied",
        "È una directory": "Is a directory",
        "Non è una directory": "Not a directory",
        "Operazione non permessa": "Operation not permitted",
        "File già esistente": "File exists",
        "Directory non vuota": "Directory not empty",
        "è necessaria una password": "a password is required",
    },
    phrases={
        "[sudo] password di ": "[sudo] password for ",
        "non è nel file sudoers": "is not in the sudoers file",
        "non può eseguire sudo su ": "may not run sudo on ",
        "errore di sintassi": "syntax error",
        "Interrotto.": "Abort.",
    },
)
LANGUAGES = (_GERMAN, _FRENCH, _SPANISH, _ITALIAN)

_COLON = re.compile("[ \u00a0]:(?=[ \u00a0])")
_COLONS = "(?::|[ \u00a0]:)[ \u00a0]"


def _table() -> tuple[tuple[str, str], ...]:
    """Return expressions and what stands for them in English, longer ones first."""
    found: list[tuple[str, str]] = []
    for each in LANGUAGES:
        found += [(rf"{_COLONS}{re.escape(k)}\.?$", f": {v}") for k, v in each.errors.items()]
        found += [(re.escape(k), v) for k, v in each.phrases.items()]
        found += [(k, r"Command '\1' not found") for k in each.unknown]
    return tuple(sorted(found, key=lambda pair: -len(pair[0])))


_TABLE = tuple((re.compile(source, re.IGNORECASE), english) for source, english in _table())
_ANY = re2.compile("(?im)" + "|".join(f"(?:{source})" for source, _ in _table()))


def in_english(lines: tuple[str, ...]) -> tuple[str, ...]:
    """Return lines with what is judged in them put into English; they are the same ones if none is.

    All at once, as hardly any output has a line that is not English and is judged.
    """
    if not _ANY.search("\n".join(lines)):
        return lines
    return tuple(map(line_in_english, lines))


@lru_cache(maxsize=2048)
def line_in_english(line: str) -> str:
    """Return one line as `in_english` does."""
    if not _ANY.search(line):
        return line
    said = _COLON.sub(":", line)
    for pattern, english in _TABLE:
        said = pattern.sub(english, said)
    return said
