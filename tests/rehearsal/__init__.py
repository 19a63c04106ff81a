"""A rehearsal site that the suite does not own: an Orchestrator's libvirt network, cluster and tenant."""
