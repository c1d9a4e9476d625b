# shellcheck shell=bash
# What the stand-ins share: who is asking, the state of units and packages, hidden input.
# Words on the screen belong to the programs; nothing here prints but fail().

R=${FILM_ROOT:-}
S=$R/var/lib/film
SSHD_RUNNING=$R/run/film/sshd.running

is_root() { [[ $EUID -eq 0 || -n ${FILM_SUDO:-} ]]; }

# as_root COMMAND...: root of the sandbox is a user namespace on top of the candidate's.
as_root() {
	if is_root; then
		"$@"
	elif [[ -n $R ]]; then
		FILM_SUDO=1 "$@"
	else
		unshare --user --map-root-user -- "$@"
	fi
}

# machines PROGRAM: where the machine's own program of that name can be reached behind a stand-in.
machines() {
	local place
	for place in "$S/machine/bin" "$S/machine/sbin" /usr/bin /usr/sbin /bin; do
		if [[ -x $place/$1 && ! $place/$1 -ef $0 ]]; then
			echo "$place/$1"
			return
		fi
	done
	echo "$1: command not found" >&2
	return 127
}

boot_time() { awk '$1 == "btime" { print $2 }' /proc/stat; }

# note PROGRAM MESSAGE [FILE]: a line for the logs. What may not write them leaves no trace.
note() {
	local line
	printf -v line '%(%b %e %H:%M:%S)T web01 %s: %s' -1 "$1" "$2"
	{ printf '%s\n' "$line" >>"$R/var/log/${3:-syslog}"; } 2>/dev/null || true
}

caller() { is_root && echo root || echo candidate; }

fail() {
	printf '%s\n' "$2" >&2
	exit "$1"
}

# ask_hidden PROMPT: reads one line into $REPLY. Echo goes off before the prompt shows.
ask_hidden() {
	local saved='' status=0
	if [[ -t 0 ]]; then
		saved=$(stty -g)
		# shellcheck disable=SC2064 # the settings of now are wanted
		trap "stty '$saved'; echo >&2; exit 1" INT TERM
		stty -echo
	fi
	printf '%s' "$1" >&2
	IFS= read -r REPLY || status=1
	if [[ -n $saved ]]; then
		stty "$saved"
		trap - INT TERM
	fi
	echo >&2
	return "$status"
}

# check_password USER, the password on stdin.
check_password() { as_root bash "$S/vault" check "$1"; }

installed() { [[ -e $S/packages/$1 ]]; }

# not_installed PROGRAM PACKAGE: the words of Ubuntu's command-not-found.
not_installed() {
	fail 127 "
Command '$1' not found, but can be installed with:

sudo apt install $2
"
}

# Units: one file each, "active|inactive|failed enabled|disabled SINCE".
unit_name() {
	local name=${1%.service}
	[[ $name == sshd ]] && name=ssh
	[[ $name == mariadb ]] && name=mysql
	echo "$name"
}
unit_known() { [[ -f $S/units/$1 ]]; }
unit_get() { # UNIT active|enabled|since
	local active enabled since
	read -r active enabled since <"$S/units/$1" || true
	case $2 in
	active) echo "$active" ;;
	enabled) echo "$enabled" ;;
	since) if [[ ${since:-0} -gt 0 ]]; then echo "$since"; else boot_time; fi ;;
	esac
}
unit_active() { unit_known "$1" && [[ $(unit_get "$1" active) == active ]]; }
unit_set() { # UNIT active|inactive|failed [enabled|disabled]
	local enabled=${3:-}
	[[ -n $enabled ]] || enabled=$(unit_get "$1" enabled)
	printf '%s %s %s\n' "$2" "$enabled" "$(date +%s)" >"$S/units/$1"
}

# ports_of UNIT: the TCP ports that it holds when it runs, by its configuration.
ports_of() {
	case $1 in
	apache2) sed -nE 's/^[[:space:]]*Listen[[:space:]]+([^[:space:]]*:)?([0-9]+).*/\2/p' "$R/etc/apache2/ports.conf" 2>/dev/null ;;
	nginx) cat "$R"/etc/nginx/sites-enabled/* "$R"/etc/nginx/conf.d/*.conf 2>/dev/null |
		sed -nE 's/^[[:space:]]*listen[[:space:]]+([^;[:space:]]*:)?([0-9]+).*/\2/p' ;;
	ssh) sed -n 's/^port //p' "$SSHD_RUNNING" ;;
	mysql) echo 3306 ;;
	esac | sort -nu
}
pid_of() {
	case $1 in
	ssh) echo 742 ;;
	apache2) echo 811 ;;
	nginx) echo 4417 ;;
	mysql) echo 5120 ;;
	rsyslog) echo 627 ;;
	*) echo 613 ;;
	esac
}
program_of() {
	case $1 in
	ssh) echo sshd ;;
	mysql) echo mysqld ;;
	rsyslog) echo rsyslogd ;;
	*) echo "$1" ;;
	esac
}

# command_of UNIT, worker_of UNIT: as a table of processes shows them.
command_of() {
	case $1 in
	ssh) echo "sshd: /usr/sbin/sshd -D [listener] 0 of 10-100 startups" ;;
	apache2) echo "/usr/sbin/apache2 -k start" ;;
	nginx) echo "nginx: master process /usr/sbin/nginx -g daemon on; master_process on;" ;;
	cron) echo "/usr/sbin/cron -f" ;;
	rsyslog) echo "/usr/sbin/rsyslogd -n -iNONE" ;;
	*) echo "/usr/sbin/$(program_of "$1")" ;;
	esac
}
worker_of() { if [[ $1 == nginx ]]; then echo "nginx: worker process"; else command_of "$1"; fi; }

# holder_of PORT OTHER: which running unit, other than OTHER, holds the port.
holder_of() {
	local file unit
	for file in "$S"/units/*; do
		unit=${file##*/}
		[[ $unit == "$2" ]] && continue
		unit_active "$unit" || continue
		if ports_of "$unit" | grep -qx "$1"; then
			echo "$unit"
			return 0
		fi
	done
	return 1
}
