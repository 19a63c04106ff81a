"""Kind redfish against sushy-tools' emulator of a BMC, kind libvirt against a libvirtd (marker bmc)."""
