// Some of Kubernetes' own controllers, for an API server in tests: what they do happens after a request, such as
// emptying a namespace that was deleted, and a bare API server would wait for it forever. All of
// kube-controller-manager would be built for longer, by what it has of a node's own code.
//
// Usage: kubernetes-controllers KUBECONFIG. Prints "ready" when it watches, and runs until it is killed.
package main

import (
	"context"
	"fmt"
	"os"
	"time"

	v1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/discovery/cached/memory"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/metadata"
	"k8s.io/client-go/metadata/metadatainformer"
	"k8s.io/client-go/restmapper"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/controller-manager/pkg/informerfactory"
	"k8s.io/klog/v2"
	"k8s.io/kubernetes/pkg/controller/garbagecollector"
	"k8s.io/kubernetes/pkg/controller/namespace"
	"k8s.io/kubernetes/pkg/controller/serviceaccount"
	"k8s.io/kubernetes/pkg/controller/statefulset"
	"k8s.io/kubernetes/pkg/controller/volume/pvcprotection"
)

const (
	workers = 4
	// How soon kinds that are new to the API server are looked after, too.
	kindsPeriod = 2 * time.Second
	resyncs     = 10 * time.Minute
)

func main() {
	if len(os.Args) != 2 {
		fail(fmt.Errorf("usage: kubernetes-controllers KUBECONFIG"))
	}
	if err := start(context.Background(), os.Args[1]); err != nil {
		fail(err)
	}
	fmt.Println("ready")
	select {}
}

func start(ctx context.Context, kubeconfig string) error {
	config, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	if err != nil {
		return err
	}
	config.QPS, config.Burst = 500, 1000
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return err
	}
	objects, err := metadata.NewForConfig(config)
	if err != nil {
		return err
	}
	mapper := restmapper.NewDeferredDiscoveryRESTMapper(memory.NewMemCacheClient(client.Discovery()))
	shared := informers.NewSharedInformerFactory(client, resyncs)
	started := make(chan struct{})

	namespaces := namespace.NewNamespaceController(ctx, client, objects,
		client.Discovery().ServerPreferredNamespacedResources,
		shared.Core().V1().Namespaces(), resyncs, v1.FinalizerKubernetes)
	accounts, err := serviceaccount.NewServiceAccountsController(klog.FromContext(ctx),
		shared.Core().V1().ServiceAccounts(), shared.Core().V1().Namespaces(), client,
		serviceaccount.DefaultServiceAccountsControllerOptions())
	if err != nil {
		return err
	}
	sets := statefulset.NewStatefulSetController(ctx, shared.Core().V1().Pods(), shared.Apps().V1().StatefulSets(),
		shared.Core().V1().PersistentVolumeClaims(), shared.Apps().V1().ControllerRevisions(), client)
	claims, err := pvcprotection.NewPVCProtectionController(klog.FromContext(ctx),
		shared.Core().V1().PersistentVolumeClaims(), shared.Core().V1().Pods(), client)
	if err != nil {
		return err
	}
	all := informerfactory.NewInformerFactory(shared, metadatainformer.NewSharedInformerFactory(objects, resyncs))
	ignored := map[schema.GroupResource]struct{}{{Group: "", Resource: "events"}: {}}
	garbage, err := garbagecollector.NewGarbageCollector(ctx, client, objects, mapper, ignored, all, started)
	if err != nil {
		return err
	}

	all.Start(ctx.Done())
	close(started)
	go namespaces.Run(ctx, workers)
	go accounts.Run(ctx, 1)
	go sets.Run(ctx, 1)
	go claims.Run(ctx, 1)
	go garbage.Run(ctx, workers, time.Minute)
	go garbage.Sync(ctx, client.Discovery(), kindsPeriod)
	shared.WaitForCacheSync(ctx.Done())
	return nil
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
