# shellcheck shell=bash
# Sourced: what a daemon does to this host's packet filter and leaves there when it ends.
#
# Neither dockerd nor libvirtd takes its chains away, and dockerd leaves FORWARD's policy at
# DROP, which cuts off whoever else forwards here. Taken away is only what a daemon names as
# its own and what was not there before; rules that others added meanwhile stay.

_filters=(iptables ip6tables)
_switches=(net/ipv4/ip_forward net/ipv4/conf/all/forwarding net/bridge/bridge-nf-call-iptables
  net/bridge/bridge-nf-call-ip6tables)

remember_firewall() { # remember_firewall FOLDER
  local each
  rm -rf "$1" && mkdir -p "$1"
  for each in "${_filters[@]}"; do
    "$each-save" >"$1/$each" 2>/dev/null || true
  done
  for each in "${_switches[@]}"; do
    [ ! -r "/proc/sys/$each" ] || cat "/proc/sys/$each" >"$1/${each//\//.}"
  done
  ip -oneline link | awk -F': ' '{ print $2 }' >"$1/links"
}

# Once the daemon has ended. OWN is an extended regular expression of what its rules name.
forget_firewall() { # forget_firewall FOLDER OWN [LINK]
  local folder=$1 own=$2 link=${3:-} each policy now
  [ -d "$folder" ] || return 0
  for each in "${_filters[@]}"; do
    if [ ! -f "$folder/$each" ] || grep -qE "$own" "$folder/$each"; then continue; fi
    policy=$(awk '$1 == ":FORWARD" { print $2; exit }' <(sed -n '/^\*filter/,/^COMMIT/p' "$folder/$each"))
    now=$("$each-save" 2>/dev/null) || continue
    grep -qE "$own" <<<"$now" || continue
    grep -vE "$own" <<<"$now" | sed "/^\*filter/,/^COMMIT/s/^:FORWARD [A-Z]*/:FORWARD ${policy:-ACCEPT}/" \
      | "$each-restore"
  done
  for each in "${_switches[@]}"; do
    [ ! -f "$folder/${each//\//.}" ] || cat "$folder/${each//\//.}" >"/proc/sys/$each" 2>/dev/null || true
  done
  if [ -n "$link" ] && ! grep -qx "$link" "$folder/links"; then
    ip link delete "$link" 2>/dev/null || true
  fi
  rm -rf "$folder"
}
