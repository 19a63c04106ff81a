"""The kind redfish against sushy-tools' emulator of a BMC, in a process of its own (marker bmc)."""
