"""An Orchestrator to rehearse on: a stranger's libvirt network, cluster and tenant, outside the suite."""
