"""Trials in the cluster: admission, capabilities, power loss, a second Pod."""
