#!/bin/bash
# Lays out the root file system of the cluster's own containers: the control plane,
# CoreDNS and pause, and iptables for kube-proxy. All of them share it.
#
# usage: cluster_root.sh NODE TO KUBE_ALLINONE COREDNS
#   NODE  a root file system that has iptables installed
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
node=$1 to=$2 kube=$3 coredns=$4
# shellcheck source=../libraries.sh
. "$here/../libraries.sh"

umask 022
mkdir -p "$to"/{etc,run,tmp,usr/bin,usr/local/bin,usr/sbin,var/lib}
chmod 1777 "$to/tmp"
echo 'root:x:0:0:root:/:/bin/false' >"$to/etc/passwd"

cp "$coredns" "$to/coredns"
cp "$kube" "$to/usr/bin/kube-allinone"
for name in kube-apiserver kube-controller-manager kube-scheduler etcd; do
  ln -s kube-allinone "$to/usr/bin/$name"
done
# The path that kubeadm's DaemonSet has.
ln -s ../../bin/kube-allinone "$to/usr/local/bin/kube-proxy"
ln -s usr/bin/kube-allinone "$to/pause"

copy_with_libraries "$node" "$to" /usr/sbin/xtables-nft-multi
for name in {iptables,ip6tables}{,-save,-restore}; do
  ln -s xtables-nft-multi "$to/usr/sbin/$name"
done
# Its matches and targets, which it loads by name when a rule has them, and what these load.
mapfile -t modules < <(cd "$node" && printf '/%s\n' usr/lib/*-linux-gnu/xtables/*.so)
copy_with_libraries "$node" "$to" "${modules[@]}"
