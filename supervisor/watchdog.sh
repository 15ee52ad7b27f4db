#!/bin/sh
# The site where systemd does not run: Debian's supervisor starts it anew when it crashes, and tells
# so in /var/log/ocpizza/watchdog.log. Its worker, which sends the mail, and what tells open pages that
# orders changed come and go with it.
set -eu

usage="usage: watchdog.sh start|stop|restart|status gunicorn"
PATH=/usr/sbin:/usr/bin:/sbin:/bin
conf=$(dirname "$(readlink -f "$0")")/supervisord.conf
run=/run/ocpizza
log=/var/log/ocpizza/watchdog.log
patience=60

fail() {
    echo "watchdog.sh: $1" >&2
    exit "${2:-1}"
}

control() {
    supervisorctl -c "$conf" "$@"
}

# Whether the supervisor answers.
watched() {
    [ -S "$run/supervisor.sock" ] && control pid >/dev/null 2>&1
}

# Try each second until a command succeeds.
wait_for() {
    left=$patience
    until "$@"; do
        [ "$left" -gt 0 ] || return 1
        left=$((left - 1))
        sleep 1
    done
}

unwatched() {
    ! watched
}

# A settings file that is wrong leaves the site as it is.
check() {
    said=$(/usr/bin/ocpizza check-settings 2>&1) || fail "$said"
}

start() {
    install -d -m 755 "$run"
    # What gunicorn's processes count together.
    install -d -o ocpizza -m 700 "$run/metrics"
    if ! watched; then
        env -i PATH="$PATH" LANG=C.UTF-8 supervisord -c "$conf" >/dev/null 2>&1 ||
            fail "supervisord does not start: supervisord -n -c $conf says why"
        wait_for watched || fail "supervisord does not answer: see $log"
    fi
    control start gunicorn live worker >/dev/null 2>&1 || true
    state >/dev/null || fail "gunicorn or what belongs to it does not start: see $log and the logs beside it"
}

stop() {
    watched || return 0
    control stop gunicorn live worker >/dev/null 2>&1 || true
    control shutdown >/dev/null 2>&1 || true
    wait_for unwatched || fail "supervisord does not end: see $log"
    rm -f "$run/gunicorn.sock" "$run/live.sock"
}

state() {
    if ! watched; then
        echo "gunicorn STOPPED"
        return 3
    fi
    control status gunicorn live worker || return 3
}

[ "${2-}" = gunicorn ] || fail "$usage" 2
[ "$(id -u)" -eq 0 ] || fail "only root can do this: sudo $0 $*"
[ ! -d /run/systemd/system ] || fail "systemd runs here: sudo systemctl $1 ocpizza"
command -v supervisord >/dev/null || fail "supervisord is missing: apt install supervisor"
case $1 in
start)
    check
    start
    ;;
stop) stop ;;
restart)
    check
    stop
    start
    ;;
status) state ;;
*) fail "$usage" 2 ;;
esac
