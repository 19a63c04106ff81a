"""What only dnsmasq says so: its configuration, its log's words, its lease database."""
