"""Other machines of the segment: boot server, the site's own DHCP server."""
