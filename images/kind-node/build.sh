#!/bin/bash
# Builds the kind node image, kind and kubectl from package registries only: Kubernetes,
# etcd and CoreDNS from the Go module proxy, all else from Debian.
#
# usage: build.sh [--fresh]
#   --fresh  takes Debian's packages anew, for its security updates
#
# Leaves kind and kubectl in edgeboot/kind-node/bin below $XDG_CACHE_HOME (default ~/.cache).
# The image has the DHCP server's image inside if the engine has that when this runs.
#
# EDGEBOOT_NODE_IMAGE          the image's name (default localhost/edgeboot/kind-node:v1.33.13)
# EDGEBOOT_DHCP_SERVER_IMAGE   the image to have inside; empty for none
#                              (default localhost/edgeboot/dhcp-server:2.90)
# EDGEBOOT_DEBIAN_MIRROR       Debian mirror (default: mmdebstrap's own)
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=../lib.sh
. "$here/../lib.sh"
# shellcheck source=../needs.sh
. "$here/../needs.sh"
# shellcheck source=../debian.sh
. "$here/../debian.sh"
# shellcheck source=binaries.sh
. "$here/binaries.sh"

# The version is what the module is made of.
version=$(awk '$1 == "k8s.io/kubernetes" { print $2 }' "$here/allinone/go.mod")
image=${EDGEBOOT_NODE_IMAGE:-localhost/edgeboot/kind-node:$version}
packages=(
  systemd systemd-sysv dbus                              # starts and watches the rest
  containerd runc containernetworking-plugins            # runs Pods
  iptables iproute2 conntrack ethtool socat              # what kubelet and kube-proxy call
  mount util-linux kmod procps jq ca-certificates        # what kind and kubeadm call
)
fresh=''
case ${1:-} in
  '') ;;
  --fresh) fresh=yes ;;
  *) fail "usage: build.sh [--fresh]" ;;
esac

# The linker tells Kubernetes which version it is.
kube_flags() {
  local major minor v=k8s.io/component-base/version
  IFS=. read -r major minor _ <<<"${version#v}"
  echo "-X $v.gitVersion=$version -X $v.gitMajor=$major -X $v.gitMinor=$minor" \
    "-X $v.gitCommit=none -X $v.gitTreeState=clean -X k8s.io/client-go/pkg/version.gitVersion=$version"
}

# Says what the DHCP server's image holds; nothing if there is none to have inside.
dhcp_server_key() {
  [ -z "$dhcp_server_image" ] \
    || docker image inspect --format '{{json .RootFS.Layers}} {{json .Config.Entrypoint}}' "$dhcp_server_image" 2>/dev/null \
    || say "without $dhcp_server_image: to have it inside, run $images/dhcp-server/build.sh first"
}

# The cluster's own images, by the names that kubeadm asks for, and the DHCP server's.
write_archives() {
  mkdir "$work/cluster"
  "$here/cluster_root.sh" "$work/node" "$work/cluster" "$kube" "$coredns"
  python3 "$here/cluster_images.py" "$work/cluster" "$architecture" "$work/cluster.tar" "${cluster_names[@]}"
  archives=("$work/cluster.tar")
  if [ -n "$dhcp_server" ]; then
    docker save "$dhcp_server_image" >"$work/dhcp-server.tar"
    archives+=("$work/dhcp-server.tar")
  fi
}

import_archives() {
  [ "$(stat --file-system --format %T "$work")" != overlayfs ] \
    || fail "$cache lies on an overlay, where containerd can lay no other: export XDG_CACHE_HOME=/a/folder/of/a/volume"
  "$here/import_images.sh" "$work/node" "${archives[@]}" >"$cache/containerd.log" 2>&1 \
    || { tail -n 5 "$cache/containerd.log" >&2 && fail "could not import the images, see $cache/containerd.log"; }
}

build_node() {
  local names archives=() cluster_names=()
  names=$(exec -a kubeadm "$kube" config images list --kubernetes-version "$version")
  mapfile -t cluster_names <<<"$names"
  mkdir "$work/node"
  tar -C "$work/node" -xf "$debian"
  say "the images inside"
  write_archives
  import_archives
  say "the node"
  "$here/node_root.sh" "$work/node" "$kube" "$version" "$(grep /pause: <<<"$names")"
  import_image "$image" "$key" "$work/node" 'ENV container=docker' \
    'ENTRYPOINT ["/usr/local/bin/entrypoint","/sbin/init"]'
}

need_root
need_architecture
open_cache "$caches/kind-node"
need_programs mmdebstrap:mmdebstrap python3:python3 \
  /usr/share/keyrings/debian-archive-keyring.gpg:debian-archive-keyring
need_go "$here/allinone"
need_engine
open_work

debian=$(debian_root node minbase "${packages[@]}")
kube=$(go_binary kube-allinone allinone "$(kube_flags)")
coredns=$(go_binary coredns coredns "")
show "$(kind_binary)" kind
show "$kube" kubectl
dhcp_server=$(dhcp_server_key)

parts=(kind-node/{build.sh,cluster_root.sh,cluster_images.py,import_images.sh,node_root.sh,node} lib.sh libraries.sh)
key=$({ echo "${kube##*/} ${coredns##*/} $dhcp_server" && cat "$debian.sha256" && contents "${parts[@]}"; } | hash)
if image_is "$image" "$key"; then
  say_image "$image" "as it was"
else
  build_node
  say_image "$image" "made${dhcp_server:+ with the image of the DHCP server inside}"
fi
