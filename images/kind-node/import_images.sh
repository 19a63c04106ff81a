#!/bin/bash
# Puts images into a node's containerd before the node is: it need not at its first boot.
#
# usage: import_images.sh ROOT ARCHIVE...
#   ROOT  the node's root file system, which has containerd
set -euo pipefail

# In namespaces of its own nothing stays mounted and nothing goes on running, however it ends.
if [ "$1" != --inside ]; then
  exec unshare --mount --pid --fork --kill-child "$0" --inside "$@"
fi
root=$2
shift 2

mount -t proc proc "$root/proc"
mount -t tmpfs tmpfs "$root/run"
# Without its part for Kubernetes, which wants a node around it.
printf '%s\n' 'version = 2' 'disabled_plugins = ["io.containerd.grpc.v1.cri"]' >"$root/run/containerd.toml"
chroot "$root" containerd --config /run/containerd.toml --log-level warn &
containerd=$!
until [ -S "$root/run/containerd/containerd.sock" ]; do
  kill -0 "$containerd"
  sleep 0.05
done
for archive in "$@"; do
  chroot "$root" ctr --namespace=k8s.io images import --snapshotter=overlayfs - <"$archive"
done
kill "$containerd"
wait "$containerd"
