"""A libvirt network, by its XML: its DHCP taken out and put back."""
