"""What is made on this machine and removed again: journal, links, libvirt, docker. Knows no DHCP."""
