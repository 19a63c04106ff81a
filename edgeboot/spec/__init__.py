"""What is stated: the contract of an edge node, the manifests of what is deployed, statements of RFCs."""
