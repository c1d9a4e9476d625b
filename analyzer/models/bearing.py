"""Whether a command or a file serves what a server exercise asks for, or draws off from it.

Only names: of what tasks are about, and of comfort, housekeeping and play. What has neither says
nothing. What an exercise's own tasks are known by, it says itself; how long somebody was away is
`windows`'.
"""

from __future__ import annotations

import re

from analyzer.asked import NOTHING, Asked

_ON = re.compile(
    r"\b(ghost\w*|node(js|source)?|npm|npx|nvm|pnpm|yarn|pm2|apache2?|httpd|apache2?ctl|a2(en|dis)\w+"
    r"|nginx|caddy|haproxy|sshd?(_config)?|ssh-\w+|authorized_keys|htpasswd|htdigest|passwd|chpasswd"
    r"|mysql\w*|mariadb\w*|postgres\w*|psql|sqlite3?|localhost|sites-(available|enabled)|vhosts?"
    r"|certbot|docker(-compose)?|podman|ufw)\b|127\.0\.0\.1|/var/www|basic.?auth",
    re.IGNORECASE,
)
_OFF_PROGRAMS = frozenset(
    {
        # a server's housekeeping that nobody asked for
        "do-release-upgrade", "update-grub", "grub-install", "grub-mkconfig", "locale-gen",
        "localectl", "timedatectl", "hostnamectl", "dpkg-reconfigure", "sysctl", "fallocate",
        "mkswap", "swapon", "swapoff", "fdisk", "parted", "gparted", "resize2fs", "mkfs",
        "logrotate", "crontab", "fail2ban-client", "unattended-upgrade", "lynis", "rkhunter",
        "chkrootkit", "netplan", "aide", "auditctl", "tuned-adm", "cpufreq-set", "hdparm",
        "smartctl", "lvm", "lvextend", "pvs", "vgs", "mdadm", "e2fsck", "tune2fs", "ntpdate",
        "chronyc", "munin-node", "collectd", "netdata", "glances", "debsums", "deborphan",
        # benchmarks and tools for their own sake
        "sysbench", "stress", "stress-ng", "fio", "iperf", "iperf3", "speedtest", "speedtest-cli",
        "bonnie++", "geekbench", "hyperfine", "perf", "powertop",
        # one's own comfort
        "chsh", "zsh", "fish", "oh-my-zsh", "starship", "stow", "chezmoi", "fzf", "bat", "exa",
        "eza", "lsd", "ranger", "mc", "byobu", "powerline", "thefuck", "direnv", "dircolors",
        "update-alternatives", "tput", "tic", "infocmp", "alias", "unalias", "bind", "stty",
        "setterm",
        # play
        "cowsay", "fortune", "figlet", "toilet", "lolcat", "cmatrix", "sl", "neofetch",
        "screenfetch", "fastfetch", "nethack", "bastet", "nsnake", "hollywood", "asciiquarium",
        "factor", "cal",
        "lynx", "w3m", "irssi", "weechat", "mutt",
        # another way of working than was asked for
        "ansible", "ansible-playbook", "ansible-galaxy", "puppet", "terraform", "salt", "salt-call",
        "packer", "vagrant", "kubectl", "minikube", "k3s", "helm",
    }
)  # fmt: skip
_OFF = re.compile(
    r"\.(bashrc|bash_aliases|bash_profile|profile|vimrc|vim/|zshrc|zsh/|tmux\.conf|tmux/|screenrc"
    r"|nanorc|gitconfig|inputrc|config/(nvim|fish|starship|htop)\S*)|/etc/(fstab|sysctl\S*|motd|issue"
    r"|default/grub|hostname|locale\S*|timezone|fail2ban\S*|logrotate\S*|cron\S*|profile\S*"
    r"|update-motd\S*|apt/\S*)|\bPS1=|\b(oh-my-\w+|powerlevel\w*|vim-plug|dotfiles|tpm|zinit)\b"
    r"|\b(fail2ban|logrotate|unattended-upgrades|netdata|prometheus|grafana|zabbix|nagios|munin"
    r"|cockpit|webmin|cron|rsyslog|htop|neofetch|cowsay|figlet|zsh|fish|tmux|ncdu|locales"
    r"|swapfile|grub|linux-(image|headers)\S*|timezone|hostname|benchmark\w*)\b"
    r"|^apt(-get|itude)? .*\b(upgrade|full-upgrade|dist-upgrade|autoremove|autoclean|clean)\b",
    re.IGNORECASE,
)


def bearing_of(program: str, text: str, asked: Asked = NOTHING) -> int:
    """Return 1 for what serves a task, -1 for what serves none, 0 for what may do either.

    What names both serves a task: ``cp /etc/hostname /var/www`` is work on a site. ``asked``
    is what the exercise asks for: where logs fill a disk, logrotate is no housekeeping.
    """
    if _ON.search(text) or asked.is_named_in(text):
        return 1
    if program in _OFF_PROGRAMS or _OFF.search(text):
        return -1
    return 0
