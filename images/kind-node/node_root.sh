#!/bin/bash
# Makes a Debian root file system into a kind node's: what is in node/, the binary, and
# the units that shall run.
#
# usage: node_root.sh ROOT KUBE_ALLINONE KUBE_VERSION PAUSE_IMAGE
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$1 kube=$2 version=$3 pause=$4

umask 022
cp -r --no-preserve=mode "$here/node/." "$root/"
chmod +x "$root/usr/local/bin/entrypoint"
sed -i "s|@PAUSE_IMAGE@|$pause|" "$root/etc/containerd/config.toml"
echo "$version" >"$root/kind/version"

cp "$kube" "$root/usr/bin/kube-allinone"
for name in kubelet kubeadm kubectl crictl; do
  ln -s kube-allinone "$root/usr/bin/$name"
done
mkdir -p "$root/opt/cni/bin" "$root/etc/kubernetes/manifests"
for name in bridge host-local loopback portmap; do
  ln -s "/usr/lib/cni/$name" "$root/opt/cni/bin/$name"
done

# What a container neither needs nor could do; systemd would report it as failed.
unwanted=(
  systemd-{binfmt,udevd,udev-trigger,logind,timesyncd,networkd}.service
  getty.target console-getty.service
  apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer e2scrub_reap.service fstrim.timer
  dev-hugepages.mount dev-mqueue.mount sys-kernel-{debug,tracing,config}.mount sys-fs-fuse-connections.mount
)
# The node's own systemctl: this machine may have none.
chroot "$root" systemctl --quiet enable containerd.service kubelet.service
chroot "$root" systemctl --quiet set-default multi-user.target
chroot "$root" systemctl --quiet mask "${unwanted[@]}"
