"""Capture files that others made, read as a stream of Ethernet frames; and the files that a watch writes."""
