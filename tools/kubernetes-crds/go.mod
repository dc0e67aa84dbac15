module moorage.example/tools/kubernetes-crds

go 1.26.0

// For the custom resource definitions in them, which are YAML; nothing is built.
require (
	github.com/prometheus-operator/prometheus-operator v0.85.0
	sigs.k8s.io/gateway-api v1.6.3
)
