"""Secure Boot of virtual machines: keys of one run, what they sign, and firmware that trusts them."""
