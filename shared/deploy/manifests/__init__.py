"""The Kubernetes manifests: rendered, checked, and read as data. They lie with their units."""
