# shellcheck shell=bash disable=SC2034 # those who source it use what it sets
# Sourced by the scripts here: the images' names, where products are kept, how a step is skipped.
#
# Every product is kept under a name that ends in a hash of what it is made from. If the
# file exists there is nothing to do; if an input changed, it is another file.
set -euo pipefail
shopt -s inherit_errexit
umask 022

images=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
caches=${XDG_CACHE_HOME:-$HOME/.cache}/edgeboot

# As manifests/dhcp-server/base/kustomization.yaml names it.
dhcp_server_image=${EDGEBOOT_DHCP_SERVER_IMAGE-localhost/edgeboot/dhcp-server:2.90}
# The suite's own, as manifests/nightly names it.
suite_version=$(sed -n 's/^version = "\(.*\)"$/\1/p' "$images/../pyproject.toml")
suite_image=${EDGEBOOT_IMAGE:-localhost/edgeboot/edgeboot:$suite_version}

say() { echo "[${SECONDS}s] $*" >&2; }

fail() {
  echo "${0##*/}: $*" >&2
  exit 1
}

# Makes the folder and waits for whoever works in it: two builds at once do the work once.
open_cache() { # open_cache FOLDER
  cache=$1
  mkdir -p "$cache"
  exec {lock}>"$cache/lock"
  if ! flock --nonblock "$lock"; then
    say "waiting for another run to leave $cache"
    flock "$lock"
  fi
  # What an interrupted run left. Finished products got their names by mv.
  rm -rf "$cache/work" "$cache"/*.new
}

# A scratch folder on the cache's own file system, gone with the script.
open_work() {
  work=$cache/work
  trap 'rm -rf "$work"' EXIT
  mkdir "$work"
}

hash() { sha256sum | cut -c1-16; }

# The contents of files below images/, in an order that no locale and no file system changes.
contents() { # contents PATH...
  (cd "$images" && find "$@" -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum)
}

# Whether the engine's image is the one that was made from these inputs.
image_is() { # image_is NAME KEY
  [ "$(docker image inspect --format '{{index .Config.Labels "edgeboot.key"}}' "$1" 2>/dev/null)" = "$2" ]
}

# File capabilities are kept: without them, an image's other user has none (capabilities(7)).
import_image() { # import_image NAME KEY ROOT CHANGE...
  local name=$1 key=$2 root=$3 changes=() change before made
  shift 3
  for change in "LABEL edgeboot.key=$key" \
    "ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" "$@"; do
    changes+=(--change "$change")
  done
  before=$(docker image inspect --format '{{.Id}}' "$name" 2>/dev/null) || true
  made=$(tar -C "$root" --sort=name --numeric-owner --xattrs --xattrs-include=security.capability \
    --pax-option=delete=atime,delete=ctime -c . | docker import "${changes[@]}" -)
  # It gets the name when it is whole.
  docker tag "$made" "$name"
  # The image that had the name is of no more use, unless a container has it still.
  [ -z "$before" ] || docker image rm "$before" >/dev/null 2>&1 || true
}

say_image() { # say_image NAME WHAT_WAS_DONE
  say "$1: $((($(docker image inspect --format '{{.Size}}' "$1") + 500000) / 1000000)) MB, $2"
}
