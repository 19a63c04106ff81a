"""DHCP and PXE messages: bytes in, values out. No sockets here."""
