"""The manifests of the deployment, rendered and parsed as a cluster would."""
