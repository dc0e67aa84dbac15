// Writes the SDK of one language from a Pulumi package schema: gensdk SCHEMA LANGUAGE FOLDER.
// Everything that the folder is to hold is written; what stands in it already is left to the caller.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	gogen "github.com/pulumi/pulumi/pkg/v3/codegen/go"
	"github.com/pulumi/pulumi/pkg/v3/codegen/nodejs"
	"github.com/pulumi/pulumi/pkg/v3/codegen/python"
	"github.com/pulumi/pulumi/pkg/v3/codegen/schema"
)

const tool = "gensdk"

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) != 3 {
		return fmt.Errorf("usage: %s SCHEMA LANGUAGE FOLDER", tool)
	}
	file, language, folder := args[0], args[1], args[2]
	files, err := generate(file, language)
	if err != nil {
		return fmt.Errorf("%s, %s: %w", file, language, err)
	}
	for name, content := range files {
		target := filepath.Join(folder, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(target, content, 0o644); err != nil {
			return err
		}
	}
	return nil
}

func generate(file, language string) (map[string][]byte, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var spec schema.PackageSpec
	if err := json.Unmarshal(text, &spec); err != nil {
		return nil, err
	}
	// The schema refers to no other package, so no loader is asked for one.
	loader := schema.NewCachedLoader(schema.NewPluginLoader(nil))
	pkg, diagnostics, err := schema.BindSpec(spec, loader, schema.ValidationOptions{})
	if err != nil {
		return nil, err
	}
	for _, each := range diagnostics {
		fmt.Fprintf(os.Stderr, "%s: %s\n", each.Summary, each.Detail)
	}
	if diagnostics.HasErrors() {
		return nil, fmt.Errorf("the schema has errors")
	}
	switch language {
	case "nodejs":
		return nodejs.GeneratePackage(tool, pkg, nil, nil, false, loader)
	case "python":
		return python.GeneratePackage(tool, pkg, nil, loader)
	case "go":
		return gogen.GeneratePackage(tool, pkg, nil)
	default:
		return nil, fmt.Errorf("no SDK is made for %s; there are nodejs, python and go", language)
	}
}
