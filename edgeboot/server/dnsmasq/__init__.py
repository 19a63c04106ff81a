"""What is specific to dnsmasq: its configuration, its log messages, its lease database."""
