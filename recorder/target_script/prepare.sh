#!/bin/sh
# Prepares a server for an interview. Read it, copy it to the server, run it there as root:
#
#     sh prepare.sh
#
# It needs Ubuntu 16.04 or later, or Debian 11 or later. It says each thing that it changes, and
# run again it changes nothing. Nothing is removed, and connections that are open stay open.
set -eu
umask 022
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export PATH LC_ALL=C DEBIAN_FRONTEND=noninteractive

# settings: an empty value leaves that part out
CANDIDATE='candidate'
PASSWORD='CHANGE_ME!'
SUDO='yes'
MANAGEMENT_KEY=''
PAGE=''
HOP=''
SSH_PORT='22'
# end of settings

changes=0

changed() {
	changes=$((changes + 1))
	echo "changed: $*"
}

fail() {
	echo "$*" >&2
	exit 1
}

# Puts standard input into file $1 with mode $2, if it has not that content already. Not for the end
# of a pipe, where what it counts would be lost.
put() {
	wanted=$(mktemp)
	cat >"$wanted"
	if ! cmp -s "$wanted" "$1" || [ "$(stat -c %a "$1")" != "$2" ]; then
		install -m "$2" "$wanted" "$1"
		changed "wrote $1"
	fi
	rm -f "$wanted"
}

# Installs package $2 unless command $1 is there.
need() {
	command -v "$1" >/dev/null 2>&1 && return 0
	apt-get update -qq || true
	apt-get install -y -qq --no-install-recommends "$2" >/dev/null ||
		fail "package $2 is needed and could not be installed"
	changed "installed $2"
}

running() {
	[ -d /run/systemd/system ]
}

# --- the candidate, who may become root with the password that is issued

# Whether the password is the one that the account has.
has_password() {
	hash=$(getent shadow "$CANDIDATE" | cut -d: -f2)
	# perl is part of every Debian; crypt(3) knows the method from the hash itself.
	HASH=$hash GIVEN=$PASSWORD perl -e \
		'my $c = crypt($ENV{GIVEN}, $ENV{HASH}); exit(defined $c && $c eq $ENV{HASH} ? 0 : 1)'
}

prepare_candidate() {
	if ! id "$CANDIDATE" >/dev/null 2>&1; then
		useradd --create-home --shell /bin/bash "$CANDIDATE"
		changed "created the user $CANDIDATE"
	fi
	if [ -n "$PASSWORD" ] && ! has_password; then
		printf '%s:%s\n' "$CANDIDATE" "$PASSWORD" | chpasswd
		changed "set the password of $CANDIDATE"
	fi
	if [ -n "$SUDO" ]; then
		need sudo sudo
		if ! id -nG "$CANDIDATE" | tr ' ' '\n' | grep -qx sudo; then
			usermod -aG sudo "$CANDIDATE"
			changed "let $CANDIDATE use sudo"
		fi
	fi
}

# --- sshd: the issued password is taken, and so is the jump host's key

# What sshd would run with; $1 is a keyword in small letters.
sshd_says() {
	"$SSHD" -T 2>/dev/null | sed -n "s/^$1 //p"
}

prepare_sshd() {
	need sshd openssh-server
	SSHD=$(command -v sshd)
	mkdir -p /run/sshd
	"$SSHD" -t || fail "sshd's configuration has errors; mend them first"
	before=$changes
	if [ -n "$PASSWORD" ] && [ "$(sshd_says passwordauthentication)" = no ]; then
		allow_passwords
	fi
	if [ -n "$MANAGEMENT_KEY" ]; then
		prepare_management_key
	fi
	if [ "$changes" -ne "$before" ] && running; then
		systemctl reload-or-restart ssh
	fi
}

# The line itself is changed, wherever it is: a line of ours before it would hide it, and then the
# candidate's own change to it would do nothing.
allow_passwords() {
	for file in /etc/ssh/sshd_config.d/*.conf /etc/ssh/sshd_config; do
		[ -f "$file" ] || continue
		if grep -qiE '^[[:space:]]*PasswordAuthentication[[:space:]=]+no' "$file"; then
			sed -i -E 's/^([[:space:]]*PasswordAuthentication[[:space:]=]+)no/\1yes/I' "$file"
			changed "let sshd take passwords, in $file"
		fi
	done
	[ "$(sshd_says passwordauthentication)" = yes ] || fail "sshd does not take passwords"
}

KEYS=/etc/ssh/management_keys
BEGIN='# Access for the interview, not part of the exercise: please leave it as it is.'
END='# End of the access for the interview.'

# The key lies outside the candidate's home, so that it is not theirs to tidy up.
prepare_management_key() {
	if [ ! -d "$KEYS" ]; then
		mkdir -m 755 "$KEYS"
		changed "made $KEYS"
	fi
	from=''
	if [ -n "$HOP" ]; then
		from="from=\"$HOP\" "
	fi
	put "$KEYS/$CANDIDATE" 644 <<EOF
$from$MANAGEMENT_KEY
EOF
	config=/etc/ssh/sshd_config
	if grep -qxF "$BEGIN" "$config"; then
		return 0
	fi
	# sshd takes the first value that it finds, and a global one before any Match block.
	paths=$(sshd_says authorizedkeysfile)
	if [ "$paths" = none ]; then
		paths=''
	fi
	kept=$(mktemp /etc/ssh/sshd_config.XXXXXX)
	cp -p "$config" "$kept"
	{
		printf '%s\nAuthorizedKeysFile %s %s/%%u\n%s\n\n' "$BEGIN" "$paths" "$KEYS" "$END"
		cat "$kept"
	} >"$config"
	if ! "$SSHD" -t; then
		mv "$kept" "$config"
		fail "sshd does not understand the change to $config; it was taken back"
	fi
	rm -f "$kept"
	changed "let sshd look for keys in $KEYS"
}

# --- the page that must stay up

prepare_page() {
	need apache2 apache2
	put /var/www/html/index.html 644 <<EOF
$PAGE
EOF
	if running; then
		systemctl is-enabled -q apache2 || systemctl enable -q apache2
		if ! systemctl is-active -q apache2; then
			systemctl start apache2
			changed "started Apache"
		fi
	fi
}

# --- the firewall: only the jump host reaches sshd

GATE=/usr/local/sbin/ssh-gate
UNIT=/etc/systemd/system/ssh-gate.service

prepare_gate() {
	need iptables iptables
	before=$changes
	draft=$(mktemp)
	gate_script >"$draft"
	put "$GATE" 755 <"$draft"
	gate_unit >"$draft"
	put "$UNIT" 644 <"$draft"
	rm -f "$draft"
	if [ "$changes" -ne "$before" ] && running; then
		systemctl daemon-reload
	fi
	if running && ! systemctl is-enabled -q ssh-gate 2>/dev/null; then
		systemctl enable -q ssh-gate
		changed "made the firewall's rules last"
	fi
	said=$("$GATE")
	if [ -n "$said" ]; then
		changed "$said"
	fi
}

gate_script() {
	cat <<EOF
#!/bin/sh
# Lets only $HOP make new connections to port $SSH_PORT; says what it changed.
set -eu
PATH=/usr/sbin:/usr/bin:/sbin:/bin
HOP='$HOP'
SSH_PORT='$SSH_PORT'
EOF
	cat <<'EOF'

# Builds chain SSH_GATE in filter $1, for which the jump host is $2, unless it is as it should be.
gate() {
	if ! "$1" -w -S INPUT >/dev/null 2>&1; then
		# A machine may do without one of the two protocols, but not without the jump host's.
		[ -z "$2" ] && return 0
		echo "$1 does not work here" >&2
		exit 1
	fi
	wanted="-N SSH_GATE
-A SSH_GATE -i lo -j RETURN
${2:+-A SSH_GATE -s $2 -j RETURN
}-A SSH_GATE -p tcp -j REJECT --reject-with tcp-reset"
	# By its SYN: connections that were open before the kernel tracked any would count as new.
	jump="-p tcp -m tcp --dport $SSH_PORT --syn -j SSH_GATE"
	# shellcheck disable=SC2086 # words of a rule
	if [ "$("$1" -w -S SSH_GATE 2>/dev/null)" = "$wanted" ] &&
		"$1" -w -C INPUT $jump >/dev/null 2>&1; then
		return 0
	fi
	"$1" -w -N SSH_GATE 2>/dev/null || "$1" -w -F SSH_GATE
	"$1" -w -A SSH_GATE -i lo -j RETURN
	if [ -n "$2" ]; then
		"$1" -w -A SSH_GATE -s "$2" -j RETURN
	fi
	"$1" -w -A SSH_GATE -p tcp -j REJECT --reject-with tcp-reset
	# shellcheck disable=SC2086 # words of a rule
	"$1" -w -C INPUT $jump >/dev/null 2>&1 || "$1" -w -I INPUT $jump
	echo "closed port $SSH_PORT to all but the jump host ($1)"
}

case $HOP in
*:*)
	gate iptables ''
	gate ip6tables "$HOP"
	;;
*)
	gate iptables "$HOP"
	gate ip6tables ''
	;;
esac
EOF
}

gate_unit() {
	cat <<EOF
[Unit]
Description=Only the jump host reaches sshd
Before=ssh.service

[Service]
Type=oneshot
ExecStart=$GATE
RemainAfterExit=yes

[Install]
WantedBy=multi-user.target
EOF
}

# --- what the exercise needs beyond that

prepare_exercise() {
	: "here an exercise may have nothing to say"
# the exercise's own words
# end of the exercise's own words
}

[ "$(id -u)" -eq 0 ] || fail "run this as root"
prepare_candidate
prepare_sshd
if [ -n "$PAGE" ]; then
	prepare_page
fi
if [ -n "$HOP" ]; then
	prepare_gate
fi
prepare_exercise
if [ "$changes" -eq 0 ]; then
	echo "nothing had to be changed"
fi
