import { readFile } from "node:fs/promises";
import { DeploymentError } from "@moorage/core/deployment/deployment-error";
import { objectsOfFile } from "@moorage/core/deployment/rendered-file";
import { parse, stringify, YAMLParseError } from "yaml";
import { z } from "zod";
import { OperationError } from "../domain/operation-error.ts";
import type { Command } from "./command.ts";

export const RENDER: Command = {
  name: "render",
  summary: "Prints the Kubernetes objects that a file of options stands for, as YAML.",
  description: `The objects of the Pulumi components and CDKTF constructs, for kubectl and GitOps.
What is printed holds the keys and passwords that the file holds.`,
  options: [
    {
      name: "file",
      placeholder: "file",
      meaning: "YAML or JSON with registryServer, keys and pullSecrets.",
      schema: z.string().min(1, "--file must name a file"),
    },
  ],
  async run(given, { print }) {
    const file = given.valueOf("file");
    try {
      const objects = objectsOfFile(parse(await textOf(file)));
      print(objects.map((object) => stringify(object).trimEnd()).join("\n---\n"));
    } catch (cause) {
      if (cause instanceof DeploymentError || cause instanceof YAMLParseError) {
        throw new OperationError(`${file} cannot be rendered\n${cause.message}`, { cause });
      }
      throw cause;
    }
  },
};

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    throw new OperationError(`${file} cannot be read; expected a file of YAML or JSON`, { cause });
  }
}
