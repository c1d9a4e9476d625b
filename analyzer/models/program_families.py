"""Which family a program belongs to, as its manual's first line would tell: knowledge as a feature.

A family's name is ``field: family``. Families are finer than intents: which means what, the model
learns from examples. What is in none is told by its parts and its arguments alone. Only data
belongs here; order and overlaps mean nothing, a program may be in several.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cache

FAMILIES: dict[str, str] = {
    "text: shown": (
        "bat batcat bzcat cat ccze head less lnav more most multitail nl pg tac tail view xzcat"
        " zcat zless zmore"
    ),
    "text: searched": ("ack ag egrep fgrep grep pcregrep rg ugrep zgrep"),
    "text: filtered": (
        "awk column comm csvcut cut expand fmt fold gawk join jq look mawk paste pr rev shuf"
        " sort tr unexpand uniq wc xargs xmllint xq yq"
    ),
    "text: compared": ("cmp colordiff delta diff diff3 dwdiff sdiff vimdiff wdiff"),
    "text: bytes": ("base32 base64 dos2unix file hd hexdump iconv od strings unix2dos xxd"),
    "text: sums": ("b2sum cksum md5sum sha1sum sha256sum sha512sum shasum sum"),
    "text: logs": ("dmesg faillog journalctl last lastb lastlog logger logwatch"),
    "editing: editor": (
        "ed editor emacs ex gedit helix hx jed joe kate mcedit mg micro nano ne nvim pico"
        " sensible-editor vi vigr vim vim.basic vim.tiny vipw visudo zile"
    ),
    "editing: by a command": ("crudini ed envsubst ex patch sed tee truncate"),
    "files: listed": (
        "basename dir dirname exa eza getfattr ls lsattr lsd mc namei nnn pathchk ranger"
        " readlink realpath stat tree vdir vifm"
    ),
    "files: found": ("fd fdfind find locate mlocate plocate updatedb whereis"),
    "files: moved": (
        "cp install link ln mkdir mkfifo mknod mktemp mmv mv prename rename rm rmdir shred srm"
        " touch trash trash-put unlink"
    ),
    "files: disks and mounts": (
        "blockdev btrfs cfdisk cryptsetup dd e2fsck fallocate fdisk findmnt fsck fstrim gdisk"
        " growpart losetup lvcreate lvextend lvresize lvs mdadm mkfs mkfs.ext4 mkfs.xfs mkswap"
        " mount parted partprobe pvcreate pvs resize2fs sfdisk swapoff swapon tune2fs umount"
        " vgcreate vgs wipefs xfs_growfs zfs zpool"
    ),
    "machine: room on disks": ("df du duf dust ncdu quota repquota"),
    "machine: what it is": (
        "arch cal cloud-init date dmidecode ec2metadata fastfetch getconf hostname hostnamectl"
        " hwclock inxi locale lsb_release lshw neofetch nproc screenfetch systemd-detect-virt"
        " timedatectl tzselect uname uptime virt-what w"
    ),
    "machine: hardware": (
        "acpi blkid depmod hdparm insmod lsblk lscpu lsinitramfs lsmem lsmod lspci lsscsi lsusb"
        " modinfo modprobe numactl nvme rmmod sensors smartctl udevadm"
    ),
    "machine: load": (
        "atop bmon bpytop btop bwm-ng dstat free glances htop iftop iostat iotop mpstat nethogs"
        " nload nmon pidstat sar slabtop tload top uptime vmstat vnstat"
    ),
    "machine: processes": ("fuser lsof pgrep pidof pmap ps pstree pwdx"),
    "processes: ended": ("kill killall pkill skill timeout xkill"),
    "processes: priority and time": (
        "anacron at atq atrm batch bg chrt cron crontab disown fg flock ionice jobs nice nohup"
        " parallel renice setsid sleep systemd-run taskset wait watch"
    ),
    "processes: traced": (
        "bpftrace coredumpctl ftrace gcore gdb ltrace perf prlimit strace sysdig tcptrace"
        " trace-cmd ulimit valgrind"
    ),
    "packages: of the system": (
        "add-apt-repository alien apk apt apt-add-repository apt-cache apt-config apt-file"
        " apt-get apt-key apt-listchanges apt-mark apt-show-versions aptitude brew checkrestart"
        " debconf-set-selections debconf-show deborphan dnf do-release-upgrade dpkg dpkg-deb"
        " dpkg-query dpkg-reconfigure dpkg-source dselect emerge equo flatpak gdebi needrestart"
        " nix nix-env pacman pkg pro rpm snap synaptic tasksel ubuntu-advantage"
        " ubuntu-security-status unattended-upgrade unattended-upgrades update-alternatives"
        " xbps-install yum zypper"
    ),
    "packages: of a language": (
        "asdf bower bundle bundler cargo composer conda corepack cpan cpanm easy_install fnm"
        " gem go luarocks mix n nodenv npm npx nvm pip pip3 pipenv pipx pnpm poetry pyenv rbenv"
        " rustup sdk uv virtualenv yarn"
    ),
    "services: run": (
        "chkconfig daemonize forever ghost halt init initctl invoke-rc.d launchctl loginctl"
        " monit openrc pm2 poweroff rc-service rc-update reboot runit s6-svc service shutdown"
        " start-stop-daemon supervisorctl sv systemctl systemd-analyze systemd-cgls"
        " systemd-cgtop telinit update-rc.d upstart"
    ),
    "services: web": (
        "a2disconf a2dismod a2dissite a2enconf a2enmod a2ensite a2query apache2 apache2ctl"
        " apachectl caddy gunicorn haproxy httpd lighttpd lighty-enable-mod nginx php-fpm squid"
        " traefik uwsgi varnishadm varnishd"
    ),
    "services: mail": (
        "doveadm dovecot exim exim4 mail mailq mailx msmtp mutt newaliases opendkim-genkey"
        " postconf postfix postqueue postsuper sendmail swaks"
    ),
    "network: web client": (
        "ab aria2c axel curl elinks hey http httpie httping https links lynx siege w3m wget wrk xh"
    ),
    "network: addresses and routes": (
        "arp arping brctl bridge dhclient dhcpcd ethtool ifconfig ifdown ifquery ifup ip ipcalc"
        " ipsec iw iwconfig mii-tool netplan networkctl nmcli nmtui openvpn rfkill route sipcalc"
        " tc vconfig wg wg-quick wpa_cli"
    ),
    "network: reach": (
        "fping hping3 iperf iperf3 masscan mtr nc ncat netcat ngrep nmap ping ping6 socat"
        " speedtest speedtest-cli tcpdump telnet tracepath traceroute tshark wireshark zmap"
    ),
    "network: ports": ("lsof netstat rpcinfo sockstat ss"),
    "network: names": (
        "delv dig dnsmasq drill getent host kdig named-checkconf named-checkzone nslookup"
        " resolvconf resolvectl rndc systemd-resolve whois"
    ),
    "network: firewall": (
        "conntrack csf denyhosts fail2ban-client fail2ban-regex firewall-cmd ip6tables ipset"
        " iptables iptables-restore iptables-save netfilter-persistent nft shorewall ufw"
    ),
    "people: users and groups": (
        "addgroup adduser chage chfn chpasswd chsh delgroup deluser doas faillock finger getent"
        " gpasswd groupadd groupdel groupmod groups grpck id kinit klist ldapadd ldapmodify"
        " ldapsearch logname mkpasswd newgrp newusers pam-auth-update pam_tally2 passwd pinky"
        " pwck pwconv realm sg sssctl su sudo sudoedit useradd userdel usermod users vipw w who"
        " whoami"
    ),
    "people: rights of files": (
        "aa-complain aa-enforce aa-status apparmor_status capsh chattr chcon chgrp chmod chown"
        " getcap getenforce getfacl restorecon semanage sestatus setcap setenforce setfacl"
        " setfattr umask"
    ),
    "logins: keys and certificates": (
        "acme.sh age apg certbot certtool cfssl easyrsa gpg gpg-agent gpg2 keytool letsencrypt"
        " mkcert openssl pass pwgen ssh-add ssh-agent ssh-copy-id ssh-import-id ssh-keygen"
        " ssh-keyscan step update-ca-certificates"
    ),
    "people: passwords of web pages": ("htdbm htdigest htpasswd"),
    "logins: elsewhere": (
        "autossh dropbear mosh rdesktop rlogin rsh slogin ssh sshd sshpass tailscale telnet"
        " xfreerdp"
    ),
    "transfer: to hosts": (
        "bacula borg croc duplicity ftp gsutil lftp magic-wormhole ncftp rclone rcp"
        " rdiff-backup restic rsnapshot rsync s3cmd scp sftp sshfs tarsnap tftp unison wormhole"
    ),
    "transfer: archive": (
        "7z 7za 7zr ar arj bsdtar bunzip2 bzip2 compress cpio dar gunzip gzip jar lha lz4 lzma"
        " lzop mksquashfs pbzip2 pigz rar shar tar uncompress unlzma unrar unsquashfs unxz unzip"
        " unzstd xz zip zipinfo zstd"
    ),
    "database: any": (
        "clickhouse-client cqlsh createdb createuser dropdb dropuser etcdctl influx initdb"
        " innochecksum isql mariadb mariadb-admin mariadb-check mariadb-dump"
        " mariadb-secure-installation memcached-tool mongo mongodump mongorestore mongosh mycli"
        " mysql mysql_secure_installation mysqladmin mysqlcheck mysqld mysqld_safe mysqldump"
        " mysqlimport mysqlslap mysqltuner pg_basebackup pg_ctl pg_ctlcluster pg_dump pg_dumpall"
        " pg_isready pg_lsclusters pg_restore pg_upgradecluster pgbench pgcli psql redis-cli"
        " redis-server sqlite sqlite3 sqlplus vacuumdb"
    ),
    "containers: any": (
        "buildah buildctl containerd crictl ctr docker docker-compose dockerd helm incus k3s"
        " k9s kind kubeadm kubectl kustomize lazydocker lxc lxc-attach lxc-ls lxd machinectl"
        " microk8s minikube nerdctl oc podman runc skopeo systemd-nspawn"
    ),
    "containers: virtual machines": (
        "VBoxManage guestfish kvm kvm-ok multipass pct qemu-img qemu-system-x86_64 qm vagrant"
        " virsh virt-install virt-manager virt-viewer vmware-toolbox-cmd xe xl"
    ),
    "version control: any": (
        "bzr cvs etckeeper fossil gh git git-lfs gitk glab hg hub jj lazygit pre-commit rcs"
        " repo svn tea tig"
    ),
    "programs: run": (
        "Rscript bash bpython bun csh dash deno elixir erl expect fish ghci groovy guile"
        " ipython irb java julia ksh lua node nodejs osascript perl php pwsh python python2"
        " python3 racket ruby scala sh tclsh tcsh ts-node tsx zsh"
    ),
    "programs: built": (
        "./configure ant as autoconf automake autoreconf bazel black cc clang cmake configure"
        " ctest debuild dpkg-buildpackage esbuild eslint g++ gcc gradle grunt gulp javac jest"
        " just ld ld.gold ldconfig ldd make meson mocha mvn mypy nasm ninja nm nodemon objdump"
        " phpunit pytest rake readelf rollup ruff rustc sbt scons shellcheck strip tox tsc vite"
        " webpack"
    ),
    "programs: set up by code": (
        "ansible ansible-galaxy ansible-playbook ansible-vault cdk chef chef-client"
        " cloudformation knife packer pulumi puppet salt salt-call salt-ssh serverless terraform"
        " terragrunt tofu"
    ),
    "cloud: any": (
        "aws az doctl eksctl exo firebase flyctl gcloud hcloud heroku ibmcloud linode-cli"
        " netlify oci s3cmd scw vercel wrangler"
    ),
    "manual: any": (
        "apropos cheat command compgen explainshell help howdoi info man mandb pinfo tldr type"
        " whatis whence which yelp"
    ),
    "shell: itself": (
        ". : [ [[ alias bc bind builtin caller cd clear complete declare dirs echo enable env"
        " eval exec exit export expr false fc hash history let local login logout popd printenv"
        " printf pushd pwd read readonly reset return script scriptreplay seq set setterm shopt"
        " source stty suspend test times tput trap true tty typeset unalias unset yes"
    ),
    "shell: terminals": (
        "abduco byobu dtach mesg minicom mosh picocom screen talk terminator tmate tmux ttyd"
        " wall write zellij"
    ),
    "machine: settings": (
        "augtool chronyc debconf dpkg-reconfigure efibootmgr grub-install grub-mkconfig hwclock"
        " kernelstub ldconfig loadkeys locale-gen localectl ntpdate ntpq raspi-config setxkbmap"
        " sysctl timedatectl tuned-adm update-grub update-initramfs update-locale"
    ),
    "machine: security": (
        "aide auditctl aureport ausearch chkrootkit clamscan debsecan debsums freshclam hashcat"
        " hydra john lynis maldet nikto openvas oscap ossec-control rkhunter sqlmap sslscan"
        " testssl.sh tripwire trivy wpscan"
    ),
}
"""Family to its programs."""


@cache
def families_by_program() -> dict[str, tuple[str, ...]]:
    """Return the families of each program that is in one."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for family, names in FAMILIES.items():
        for name in names.split():
            if family not in found[name]:
                found[name].append(family)
    return {name: tuple(families) for name, families in found.items()}
