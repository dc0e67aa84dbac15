import assert from "node:assert/strict";
import { selectTests } from "../../../tools/test-selection.ts";

describe("npm test", () => {
  it("runs every test and obtains every tool when nothing is named", () => {
    const selection = selectTests([]);
    assert.deepEqual(selection.mochaArguments, ["test/**/*.test.ts"]);
    assert.equal(selection.needsPulumi, true);
    assert.deepEqual(
      selection.clients.map(({ name }) => name),
      [
        "crane",
        "regctl",
        "oras",
        "helm",
        "pulumi-language-yaml",
        "pulumi-language-python",
        "pulumi-language-go",
        "gensdk",
        "kube-apiserver",
        "kubernetes-controllers",
        "kubectl",
      ],
    );
  });

  it("hands options to mocha and still runs every test", () => {
    assert.deepEqual(selectTests(["--grep", "a chunk", "--bail"]).mochaArguments, [
      "--grep",
      "a chunk",
      "--bail",
      "test/**/*.test.ts",
    ]);
  });

  it("takes a folder for the tests in it", () => {
    assert.deepEqual(selectTests(["test/unit/tools/"]).mochaArguments, [
      "test/unit/tools/**/*.test.ts",
    ]);
  });

  it("passes over files that are no tests, which a shell's wildcard names too", () => {
    const args = ["test/support/reporter.js", "test/unit/tools/version.test.ts"];
    assert.deepEqual(selectTests(args).mochaArguments, ["test/unit/tools/version.test.ts"]);
    assert.throws(() => selectTests(["test/support/reporter.js"]), { name: "Problem" });
  });

  it("obtains only what the named tests call", () => {
    assert.deepEqual(selectTests(["test/unit/**/*.test.ts"]).clients, []);
    assert.equal(selectTests(["test/clients/**/*.test.ts"]).clients.length, 4);
    assert.equal(selectTests(["test/clients/**/*.test.ts"]).needsPulumi, false);
    assert.equal(selectTests(["test/iac/**/*.test.ts"]).needsPulumi, true);
    const clients = (path: string) => selectTests([path]).clients.map(({ name }) => name);
    assert.equal(clients("test/iac/drift.test.ts").length, 6);
    assert.ok(!clients("test/iac/drift.test.ts").includes("kube-apiserver"));
    for (const path of ["test/iac/**/*.test.ts", "test/iac/examples/kubernetes.test.ts"]) {
      assert.ok(clients(path).includes("kube-apiserver"), path);
    }
    assert.deepEqual(
      selectTests(["test/kubernetes/**/*.test.ts"]).packagedClients.map(({ name }) => name),
      ["skopeo", "buildah", "podman", "etcd", "openssl"],
    );
  });
});
