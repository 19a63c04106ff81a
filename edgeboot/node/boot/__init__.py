"""The boot file: fetched over TFTP or HTTP as firmware does, and checked as firmware does."""
