import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import type { KubernetesObject } from "@moorage/core/deployment/kubernetes-object";
import { parseAllDocuments } from "yaml";
import { run } from "../../tools/obtain/run.ts";
import { REPOSITORY } from "../../tools/repository.ts";
import { runProgram } from "../support/command.ts";
import { assertKept } from "../support/kept-object.ts";
import { KubernetesApi } from "../support/kubernetes-api.ts";

const FOLDER = path.join(REPOSITORY, "examples", "kubernetes");

describe("the example for minikube and kind", function () {
  this.timeout(240_000);

  it("holds what is rendered from its options", async () => {
    const file = path.join(FOLDER, "options.yaml");
    const { output } = await runProgram(["render", "--file", file], {});
    assert.equal(await readFile(path.join(FOLDER, "objects.yaml"), "utf8"), output);
  });

  it("is rendered by `npx moorage render`, too", async () => {
    const file = path.join("examples", "kubernetes", "options.yaml");
    const asked = ["moorage", "render", "--file", file];
    const { code, errors, output } = await run("npx", asked, { folder: REPOSITORY });
    assert.equal(code, 0, errors);
    assert.equal(await readFile(path.join(FOLDER, "objects.yaml"), "utf8"), output);
  });

  it("is taken by a real API server, after its namespace and keys were made by hand", async () => {
    const file = path.join(FOLDER, "objects.yaml");
    const objects = parseAllDocuments(await readFile(file, "utf8")).map(
      (document): KubernetesObject => document.toJS(),
    );
    await using api = await KubernetesApi.start();
    await api.kubectl(["create", "namespace", "moorage"]);
    await api.kubectl(["apply", "--server-side", "-f", file]);
    for (const object of objects) assertKept(await api.read(object), object);
  });
});
