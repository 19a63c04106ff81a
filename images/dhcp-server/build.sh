#!/bin/bash
# Builds the image of the DHCP server: dnsmasq and only what it needs.
#
# usage: build.sh [--fresh]                  from Debian's packages; needs no registry
#        build.sh [--fresh] --dockerfile     from the image debian:bookworm-slim
#        BASE=IMAGE build.sh [--fresh]       from this image, say debian@sha256:…
#   --fresh  takes Debian's packages anew, for its security updates
#
# EDGEBOOT_DHCP_SERVER_IMAGE   the image's name (default localhost/edgeboot/dhcp-server:2.90)
# EDGEBOOT_DEBIAN_MIRROR       Debian mirror    (default: mmdebstrap's own)
# XDG_CACHE_HOME               products go to edgeboot/dhcp-server below it (default ~/.cache)
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=../lib.sh
. "$here/../lib.sh"
# shellcheck source=../needs.sh
. "$here/../needs.sh"
# shellcheck source=../debian.sh
. "$here/../debian.sh"
image=${dhcp_server_image:?must not be empty}
sources=(dhcp-server libraries.sh)

fresh='' way=packages
[ -z "${BASE:-}" ] || way=dockerfile
for each in "$@"; do
  case $each in
    --fresh) fresh=yes ;;
    --dockerfile) way=dockerfile ;;
    *) fail "usage: build.sh [--fresh] [--dockerfile]" ;;
  esac
done

from_packages() {
  local version archive key
  version=$(sed -n 's/^ARG DNSMASQ=//p' "$here/Dockerfile")
  archive=$(debian_root dnsmasq extract "dnsmasq-base=$version")
  key=$({ contents "${sources[@]}" lib.sh && cat "$archive.sha256"; } | hash)
  if image_is "$image" "$key"; then
    say_image "$image" "as it was"
    return
  fi
  open_work
  mkdir "$work/debian"
  tar -C "$work/debian" -xf "$archive"
  "$here/root.sh" "$work/debian" "$work/image"
  # Root made all of it. Without the hour as well, the same files give the same layer.
  find "$work/image" -exec touch --no-dereference --date=@0 {} +
  import_image "$image" "$key" "$work/image" 'ENTRYPOINT ["dnsmasq"]'
  say_image "$image" "made from Debian's packages"
}

from_dockerfile() {
  local key options=()
  key=$({ contents "${sources[@]}" && echo "${BASE:-}"; } | hash)
  if [ -z "$fresh" ] && image_is "$image" "$key"; then
    say_image "$image" "as it was"
    return
  fi
  [ -z "${BASE:-}" ] || options+=(--build-arg "BASE=$BASE")
  [ -z "$fresh" ] || options+=(--no-cache)
  # Debian's docker has the classic builder only, and calls it deprecated.
  docker buildx version >/dev/null 2>&1 || export DOCKER_BUILDKIT=0
  docker build --tag "$image" --label "edgeboot.key=$key" "${options[@]}" \
    --file "$here/Dockerfile" "$images" >"$cache/docker.log" 2>&1 \
    || { tail -n 5 "$cache/docker.log" >&2 && fail "docker build failed, see $cache/docker.log"; }
  say_image "$image" "made by the Dockerfile"
}

need_root
need_architecture
open_cache "$caches/dhcp-server"
need_programs mmdebstrap:mmdebstrap /usr/share/keyrings/debian-archive-keyring.gpg:debian-archive-keyring
need_engine
"from_$way"
