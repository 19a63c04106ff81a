# shellcheck shell=bash disable=SC2154 # lib.sh and needs.sh set what is not set here
# Sourced after lib.sh: what a script needs, checked before it starts. What is missing
# costs one line, which ends in the command that mends it.

need_root() {
  [ "$(id -u)" = 0 ] || fail "needs root, to make files that belong to others: sudo -E $0"
}

# Sets $architecture, by Debian's name, which is Go's as well.
need_architecture() {
  architecture=$(dpkg --print-architecture) || fail "needs Debian or a relative of it: no dpkg here"
  case $architecture in
    amd64 | arm64) ;;
    *) fail "knows amd64 and arm64, not $architecture: use a machine of these" ;;
  esac
}

# Installs what is missing.
need_programs() { # need_programs PROGRAM_OR_FILE:PACKAGE...
  local each missing=() log=$cache/apt.log
  for each in "$@"; do
    [ -e "${each%%:*}" ] || command -v "${each%%:*}" >/dev/null || missing+=("${each##*:}")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  say "installing ${missing[*]}"
  local install=(apt-get install --yes --quiet --no-install-recommends "${missing[@]}")
  export DEBIAN_FRONTEND=noninteractive
  "${install[@]}" >"$log" 2>&1 || { apt-get update --quiet && "${install[@]}"; } >>"$log" 2>&1 \
    || fail "apt could not install it, see $log; by hand: apt-get update && ${install[*]}"
}

need_engine() {
  local answer newest
  command -v docker >/dev/null || fail "no docker here: $images/engine.sh start"
  answer=$(docker version 2>&1 >/dev/null) && return
  newest=$(sed -n 's/.*[Mm]aximum supported API version is \([0-9.]*\).*/\1/p' <<<"$answer")
  [ -z "$newest" ] || fail "docker is newer than its engine: export DOCKER_API_VERSION=$newest"
  fail "no docker engine answers: $images/engine.sh start"
}

# Sets $go_version. Asked inside the module, a Go of 1.21 or later fetches a newer one itself.
need_go() { # need_go MODULE_FOLDER
  local wanted builds_for
  wanted=$(awk '$1 == "go" { print $2 }' "$1/go.mod")
  local mend="rm -rf /usr/local/go && curl -fsSL https://go.dev/dl/go$wanted.linux-$architecture.tar.gz | tar -C /usr/local -xz && export PATH=/usr/local/go/bin:\$PATH"
  command -v go >/dev/null || fail "no go here, $wanted or later is needed: $mend"
  { read -r go_version && read -r builds_for; } < <(cd "$1" && go env GOVERSION GOARCH 2>/dev/null) \
    || fail "this go cannot get the $wanted that it needs: $mend"
  printf '%s\n' "$wanted" "${go_version#go}" | sort --version-sort --check=quiet \
    || fail "$go_version is older than the $wanted that is needed: $mend"
  [ "$builds_for" = "$architecture" ] || fail "go builds for $builds_for, this is $architecture: unset GOARCH"
}
