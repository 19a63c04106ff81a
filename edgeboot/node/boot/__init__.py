"""The boot file: fetched as firmware fetches it, and looked at as firmware would before it starts it."""
