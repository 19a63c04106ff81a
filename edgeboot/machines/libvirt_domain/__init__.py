"""A virtual machine of libvirt's, as a site has them: it is there before, and afterwards."""
