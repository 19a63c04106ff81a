#!/bin/bash
# A docker engine that can run kind's nodes, on a machine where none runs.
#
# usage: engine.sh start [OPTION_OF_DOCKERD...]   leaves an engine that answers alone
#        engine.sh stop                           stops the one it started, and no other
#        engine.sh status
#
# EDGEBOOT_ENGINE   the engine's folder: images, log, process id (default ~/.cache/edgeboot/engine)
# DOCKER_HOST       unix:///… where it shall answer (default: docker's own socket)
#
# A second engine on one machine needs a folder, a DOCKER_HOST and a network namespace of
# its own (unshare --net engine.sh start): engines share docker0 and iptables, and one
# that is told --bridge none removes the other's docker0.
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=lib.sh
. "$here/lib.sh"
# shellcheck source=needs.sh
. "$here/needs.sh"
# shellcheck source=firewall.sh
. "$here/firewall.sh"
folder=${EDGEBOOT_ENGINE:-$caches/engine}
socket=${DOCKER_HOST:-unix:///var/run/docker.sock}
# Sockets' paths must be short, so these are not below the folder.
run=/run/edgeboot-engine-$(hash <<<"$folder")

# When a process started tells it from a later one of the same number.
start_of() { awk '$3 != "Z" { print $22 }' "/proc/$1/stat" 2>/dev/null || true; }

# Sets $pid if the engine that was started here still runs.
is_ours_running() {
  local started
  [ -f "$folder/process" ] && read -r pid started <"$folder/process" \
    && [ -n "$started" ] && [ "$(start_of "$pid")" = "$started" ]
}

answers() { docker version >/dev/null 2>&1; }

start() {
  need_root
  open_cache "$folder"
  # Where there is a systemd, the package's own engine runs when it is installed.
  answers || need_programs dockerd:docker.io docker:docker.io runc:runc iptables:iptables
  if answers; then
    say "an engine answers already at $socket: left alone"
    return
  fi
  [[ $socket == unix://* ]] || fail "no engine answers at $socket, and none can be started there: unset DOCKER_HOST"
  ! is_ours_running || fail "process $pid runs but does not answer, see $folder/log: $0 stop"

  local options=(--host "$socket" --data-root "$folder/data" --exec-root "$run" --pidfile "$run/pid")
  if (((0x$(awk '$1 == "CapBnd:" { print $2 }' /proc/self/status) >> 24 & 1) == 0)); then
    # A copy, which the engine finds whatever becomes of these sources.
    install "$here/runc-caps" "$folder/runc-caps"
    options+=(--add-runtime "runc-caps=$folder/runc-caps" --default-runtime runc-caps)
  fi
  mkdir -p "$run" && rm -f "$run/pid"
  remember_firewall "$folder/firewall"
  # It outlives this script, and must not keep its lock.
  setsid nohup dockerd "${options[@]}" "$@" >"$folder/log" 2>&1 </dev/null {lock}>&- &
  pid=$!
  echo "$pid $(start_of "$pid")" >"$folder/process"
  for _ in {1..60}; do
    if answers; then
      say "started: dockerd, process $pid, at $socket; images and log are in $folder; to stop it: $0 stop"
      return
    fi
    kill -0 "$pid" 2>/dev/null || break
    sleep 0.5
  done
  tail -n 5 "$folder/log" >&2
  stop
  fail "dockerd did not start, see $folder/log"
}

# The packet filter as it was, unless another engine has come up meanwhile.
put_back() {
  answers || forget_firewall "$folder/firewall" 'DOCKER|docker0|br-[0-9a-f]{12}' docker0
}

stop() {
  need_root
  if ! is_ours_running; then
    say "no engine that this script started in $folder runs"
    put_back
    return
  fi
  say "stopping dockerd, process $pid, and its containers"
  kill "$pid"
  for _ in {1..120}; do
    if ! is_ours_running; then
      rm -f "$folder/process"
      # It may leave a network namespace mounted there, which would keep the rest from being put back.
      awk -v run="$run/" 'index($2, run) == 1 { print $2 }' /proc/mounts | xargs --no-run-if-empty umount
      rm -rf --one-file-system "$run"
      put_back
      say "stopped; $folder/data keeps its images"
      return
    fi
    sleep 0.5
  done
  fail "process $pid has not ended after 60 s, see $folder/log"
}

status() {
  if answers; then say "an engine answers at $socket"; else say "no engine answers at $socket"; fi
  if is_ours_running; then say "process $pid is the one that was started in $folder"; fi
}

case ${1:-} in
  start | stop | status) "$@" ;;
  *) fail "usage: engine.sh start [OPTION_OF_DOCKERD...] | stop | status" ;;
esac
