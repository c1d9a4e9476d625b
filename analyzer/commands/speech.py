"""What programs say of how it went, in their own fixed words, and which of them say it at all.

Tables and patterns of well-known programs, from their manuals and sources. Which program of a line
counts is `analyzer.commands.steps`', the judgement `analyzer.commands.outcome`'s.
"""

from __future__ import annotations

import re


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


TELLS = _set(
    "ls cat cp mv rm rmdir mkdir chmod chown chgrp ln touch head tail wc sort uniq cut tr tee"
    " nl tac stat du df date cal uptime whoami id groups hostname uname pwd echo printf sleep"
    " env printenv basename dirname readlink seq nproc arch sync who w last free find sed awk"
    " gawk mawk tar gzip gunzip history clear reset cd pushd popd export unset alias unalias"
    " source . hash umask ulimit set shopt jobs fg bg disown exit logout read declare local"
    " type less more nano pico vim vi view vim.tiny vim.basic nvim emacs top htop watch"
    " lsb_release lsblk lscpu mount umount swapon swapoff ip ss netstat ifconfig route useradd"
    " usermod userdel groupadd groupdel visudo file tree dmesg locale timedatectl hostnamectl"
    " loginctl kill true : tput journalctl tmux screen update-alternatives deluser delgroup"
    " sysctl lsmod fallocate mkswap chpasswd column rev xxd hexdump od strings base64 md5sum"
    " sha1sum sha256sum cron at shutdown reboot systemctl service"
)
"""Programs that end well, or say under their own name why not."""

NOTHING_IS_FAILURE = _set(
    "grep egrep fgrep zgrep rg which pgrep pidof getent lsof fuser command whence"
)
"""Programs that end with a failure where they find nothing, and print what they find."""

DIFFERENCE_IS_FAILURE = _set("diff cmp")

OWN_FAILURE = re.compile(
    r"(?:line \d+: )?(?:cannot|can't|could not|couldn't|unable to|failed|invalid|unrecognized"
    r"|unknown|missing|option requires|illegal|no such|bad |not a |must be|unexpected|extra operand"
    r"|permission denied|only root|fatal|error|-r not specified|you must|not enough"
    r"|too many)\b"
    r"|.*: (?:No such file or directory|Permission denied|Operation not permitted|Not a directory"
    r"|Is a directory|Read-only file system|Name or service not known|not found|No such process"
    r"|no such job|File exists|numeric argument required|not a valid identifier|not mounted\.?"
    r"|too many arguments|Device or resource busy|target is busy\.?|Directory not empty)$"
    r"|.*(?:verification error|manipulation error|: invalid option|does not exist|already exists"
    r"|are the same file|OLDPWD not set|HOME not set|readonly variable)",
    re.IGNORECASE,
)
HARMLESS = re.compile(
    r"(?:warning|note|notice)\b|no changes|Removing leading|overwrite |descend |replace "
    r"|.*\? $|.*: file truncated|try to overwrite|remove ",
    re.IGNORECASE,
)
_APT = re.compile(r"^E: |^Abort\.$|^dpkg: error|^(?:Abgebrochen|Abbruch)\.$")
_SYSTEMD = re.compile(
    r"^(?:Failed to (?!dump process list)|Job for \S+ (?:failed|canceled)|Unknown (?:operation"
    r"|command verb)|Too few arguments|Unit \S+ could not be found|Invalid unit name)"
    r"|: unrecognized service$|\.\.\. ?failed!|^Usage: /etc/init\.d/"
)
_NODE = re.compile(
    r"^npm (?:ERR!|error) |^\s+throw |^(?:Uncaught )?\w*Error(?: \[\w+\])?: |^\s+at .+:\d+:\d+\)?$"
)
_GHOST = re.compile(
    _NODE.pattern + r"|An error occurred\.|A \S+Error occurred\.|One or more errors occurred"
    r"|Working directory is not |^You can't run commands as the 'root' user"
    r"|Try running ghost doctor"
)
_APACHE = re.compile(r"^Syntax error|^AH\d+: Syntax error|Action '.*' failed")
_A2 = re.compile(r"^ERROR: ")
_DPKG = re.compile(r"^dpkg(?:-query|-deb|-reconfigure)?: (?:error|no packages|no path|package)")
_MAN = re.compile(r"^No manual entry for |^What manual page|: nothing appropriate\.?$|what\?$")
_MYSQL = re.compile(r"^ERROR \d+|^mysql\w*: (?:\[ERROR\]|Error|connect)|^mysqladmin: ")
_PYTHON = re.compile(r"^Traceback \(most recent call last\):|^\w*(?:Error|Exception): ")
_PASSWORD = re.compile(
    r"(?:verification|manipulation) error|unchanged$|^passwd: (?!password updated|password changed)"
)
_ADDUSER = re.compile(
    r"^adduser: |already exists\.?$|^Only root may|^fatal: |^The (?:user|group) .* (?:does"
    r" not|already)"
)
FAILED = {
    **dict.fromkeys(("apt", "apt-get", "aptitude", "apt-cache", "apt-key"), _APT),
    **dict.fromkeys(("systemctl", "service", "journalctl", "invoke-rc.d"), _SYSTEMD),
    **dict.fromkeys(("npm", "npx"), re.compile(r"^npm (?:ERR!|error) ")),
    **dict.fromkeys(("node", "nodejs", "yarn", "pnpm"), _NODE),
    "ghost": _GHOST,
    **dict.fromkeys(("dpkg", "dpkg-query", "dpkg-reconfigure"), _DPKG),
    **dict.fromkeys(("man", "apropos", "whatis"), _MAN),
    **dict.fromkeys(("mysql", "mariadb", "mysqladmin", "mysqldump"), _MYSQL),
    **dict.fromkeys(("python", "python3"), _PYTHON),
    **dict.fromkeys(("passwd", "htpasswd"), _PASSWORD),
    **dict.fromkeys(("adduser", "addgroup", "deluser"), _ADDUSER),
    **dict.fromkeys(("a2ensite", "a2dissite", "a2enmod", "a2dismod", "a2enconf", "a2disconf"), _A2),
    **dict.fromkeys(("apachectl", "apache2ctl", "apache2", "httpd"), _APACHE),
    "curl": re.compile(r"^curl: \(\d+\) |^curl: (?:option|no URL|try)"),
    "wget": re.compile(
        r"ERROR \d{3}|^wget: |failed: |^Giving up|unable to resolve|: Scheme missing|No such file"
    ),
    "git": re.compile(r"^fatal: |^error: "),
    "ssh": re.compile(r"Permission denied \(|^ssh: |Host key verification failed"),
    "sshd": re.compile(
        r"Bad configuration option|terminating, \d+ bad configuration|unknown option"
    ),
    "nginx": re.compile(r"test failed$|^nginx: \[emerg\]|^nginx: invalid option"),
    "ufw": re.compile(r"^ERROR: |^Could not "),
    "crontab": re.compile(r"^no crontab for |^errors in crontab|must be privileged"),
    "ping": re.compile(r"100% packet loss|^ping: |Network is unreachable"),
    "killall": re.compile(r": no process found$|Operation not permitted$"),
    "docker": re.compile(r"^docker: |^Error: |^Error response from daemon|^Cannot connect to the"),
    "host": re.compile(r"not found: \d|connection timed out"),
    "less": re.compile(r"^\S+: (?:No such file or directory|Permission denied)$|is a directory$"),
    "tmux": re.compile(
        r"^no server running|^can't find |^error connecting|^no sessions|^sessions should"
    ),
}
"""What a program says that failed, where it does not use the common form ``NAME: words``."""

OK = {
    **dict.fromkeys(
        ("passwd", "htpasswd"),
        re.compile(
            r"^passwd: password (?:updated|changed)|^(?:Adding|Updating|Deleting) password for user"
        ),
    ),
    **dict.fromkeys(
        ("apachectl", "apache2ctl", "apache2", "httpd", "nginx"),
        re.compile(r"^Syntax OK$|test is successful$"),
    ),
    "npm": re.compile(r"^(?:added|changed|removed) \d+ packages?|^up to date"),
    "wget": re.compile(r" saved \[|^HTTP request sent.* 200 OK"),
    "ping": re.compile(r"\b(?:[0-9]|[1-9]\d)(?:\.\d+)?% packet loss"),
    "ghost": re.compile(r"Ghost-CLI version: |Ghost was installed successfully|^Ghost version: "),
    "host": re.compile(r" has (?:IPv6 )?address | domain name pointer "),
    "ssh-keygen": re.compile(r"^Your public key has been saved|^\d+ (?:SHA256|MD5):"),
    "ssh-copy-id": re.compile(r"^Number of key\(s\) added: [1-9]"),
    "ufw": re.compile(
        r"^(?:Rules? |Firewall |Status: |Skipping |Default \w+ policy|Logging |Profile)"
    ),
    "killall": re.compile(r"(?!)"),
}
"""What a program says only where it ended well."""

PRINTS = _set(
    "apt apt-get aptitude apt-cache dpkg dpkg-query npm man apropos whatis a2ensite a2dissite"
    " a2enmod a2dismod a2enconf a2disconf curl ps git dig crontab mysql mariadb mysqladmin"
    " adduser addgroup xargs nslookup getcap docker"
)
"""Programs that ended well where they printed something, and nothing that tells of a failure."""
