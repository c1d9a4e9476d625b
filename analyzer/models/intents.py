"""The words for what a single command is for, whatever its program: intents, with what they mean.

A command has one intent, that of its main program. Topics and activities, which need the session
around a command, are `analyzer.models.words`'.
"""

from __future__ import annotations

from typing import Literal, get_args

Intent = Literal[
    "look-at-system",
    "read-file",
    "edit-file",
    "install-package",
    "manage-service",
    "network-check",
    "web-request",
    "user-and-rights",
    "keys-and-login",
    "database-work",
    "container-work",
    "process-control",
    "file-management",
    "archive-and-transfer",
    "version-control",
    "script-and-build",
    "help",
    "shell-session",
]

INTENTS: tuple[Intent, ...] = get_args(Intent)

MEANING: dict[Intent, str] = {
    "look-at-system": "looks at the machine: release, hardware, load, memory, disks, processes",
    "read-file": "reads or searches files and logs, or filters text",
    "edit-file": "opens a file in an editor, or changes its text by a command",
    "install-package": "installs, updates, removes or looks up software, its version too",
    "manage-service": "starts, stops, enables or tests a service, its sites or its modules",
    "network-check": "looks at or sets addresses, ports, routes, names, firewalls",
    "web-request": "asks a web server for something",
    "user-and-rights": "users, groups, passwords, owners, modes, rights of sudo",
    "keys-and-login": "keys, certificates, logins to other machines",
    "database-work": "a database: its client, its server's tools, its dumps",
    "container-work": "containers, images, clusters, virtual machines",
    "process-control": "ends, delays, schedules or traces processes",
    "file-management": "lists, finds, makes, copies, moves or deletes files, mounts disks",
    "archive-and-transfer": "packs, unpacks, copies to or from other machines, makes backups",
    "version-control": "repositories of source code and their hosts",
    "script-and-build": "runs or builds programs and scripts, tests them, sets machines up by code",
    "help": "looks up how something is used",
    "shell-session": "moves about, sets up or leaves the shell and its terminals",
}
"""What each word means, for documents and for whoever labels."""
