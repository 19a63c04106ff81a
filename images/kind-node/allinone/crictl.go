package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	cri "k8s.io/cri-api/pkg/apis/runtime/v1"
)

// crictl is the little of that program which kind and a person at the node
// need: images, ps, pods, inspecti IMAGE.
func crictl(args []string) error {
	if len(args) == 0 {
		return fmt.Errorf("usage: crictl images|ps|pods|inspecti IMAGE")
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	conn, err := grpc.NewClient("unix:///run/containerd/containerd.sock",
		grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return err
	}
	defer conn.Close()
	images, runtime := cri.NewImageServiceClient(conn), cri.NewRuntimeServiceClient(conn)
	w := tabwriter.NewWriter(os.Stdout, 0, 8, 2, ' ', 0)
	defer w.Flush()
	switch args[0] {
	case "images":
		r, err := images.ListImages(ctx, &cri.ListImagesRequest{})
		if err != nil {
			return err
		}
		fmt.Fprintln(w, "IMAGE\tID\tSIZE")
		for _, i := range r.Images {
			fmt.Fprintf(w, "%s\t%s\t%d\n", strings.Join(i.RepoTags, ","), i.Id, i.Size_)
		}
	case "ps":
		r, err := runtime.ListContainers(ctx, &cri.ListContainersRequest{})
		if err != nil {
			return err
		}
		fmt.Fprintln(w, "CONTAINER\tSTATE\tNAME\tATTEMPT\tPOD")
		for _, c := range r.Containers {
			fmt.Fprintf(w, "%.13s\t%s\t%s\t%d\t%s\n", c.Id, c.State, c.Metadata.GetName(),
				c.Metadata.GetAttempt(), c.Labels["io.kubernetes.pod.name"])
		}
	case "pods":
		r, err := runtime.ListPodSandbox(ctx, &cri.ListPodSandboxRequest{})
		if err != nil {
			return err
		}
		fmt.Fprintln(w, "POD\tSTATE\tNAME\tNAMESPACE")
		for _, p := range r.Items {
			fmt.Fprintf(w, "%.13s\t%s\t%s\t%s\n", p.Id, p.State, p.Metadata.GetName(), p.Metadata.GetNamespace())
		}
	case "inspecti":
		if len(args) < 2 {
			return fmt.Errorf("usage: crictl inspecti IMAGE")
		}
		r, err := images.ImageStatus(ctx, &cri.ImageStatusRequest{Image: &cri.ImageSpec{Image: args[len(args)-1]}})
		if err != nil {
			return err
		}
		if r.Image == nil {
			return fmt.Errorf("no such image %q present", args[len(args)-1])
		}
		e := json.NewEncoder(os.Stdout)
		e.SetIndent("", "  ")
		return e.Encode(map[string]any{"status": map[string]any{
			"id": r.Image.Id, "repoTags": r.Image.RepoTags, "repoDigests": r.Image.RepoDigests,
			"size": fmt.Sprint(r.Image.Size_),
		}})
	default:
		return fmt.Errorf("this crictl knows images, ps, pods and inspecti only, not %q", args[0])
	}
	return nil
}
