import { z } from "zod";
import { SHOP } from "./example.ts";
import { changedKeys, idInput, inputFailures, inputsObject, resourceName } from "./inputs.ts";
import { type Context, type Resource, ResourceError } from "./resource.ts";

/*
 * On the server a repository begins with the first push and is gone with its last artifact; there is nothing to
 * create. To declare one says that the stack answers for the name and for what is pushed under it: the
 * content goes with the stack, or keeps it from being destroyed. Counts are no outputs: every push
 * would be a difference.
 */

const NAME =
  "name must be a repository's name: lower-case letters and digits, with . _ __ or hyphens between them, in parts separated by /, at most 255 characters";
const FORM = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/;
const NAME_CHARACTERS_MAX = 255;

/** What a program says of it. */
export const repositoryInputs = inputsObject({
  resourceName,
  registryId: idInput("registryId").describe(
    "The registry that holds the repository. Another registry makes another repository.",
  ),
  name: z
    .string(NAME)
    .max(NAME_CHARACTERS_MAX, { error: NAME, abort: true })
    .regex(FORM, NAME)
    .describe("The repository's name, such as `team/app`. Another name makes another repository."),
  forceDestroy: z
    .boolean("forceDestroy must be true or false")
    .default(false)
    .describe(
      "Whether deleting the resource deletes artifacts too; false by default: it fails while there are any.",
    ),
});

const REPLACING = ["registryId", "name"];

/** A repository that a stack answers for. Its id is its name. */
export const repository: Resource = {
  type: "Repository",
  description:
    "A repository that the stack answers for, declared before anything is pushed. Nothing is created on the server; the content goes with the resource if `forceDestroy` says so, and keeps it from being deleted otherwise. How much was pushed is no output: every push would be a difference.",
  example: {
    resources: {
      shop: SHOP,
      app: {
        type: "Repository",
        properties: { registryId: "${shop.registryId}", name: "team/app" },
      },
    },
    outputs: { url: "${app.url}" },
  },
  inputs: repositoryInputs,
  outputs: z.object({
    url: z
      .string()
      .describe(
        "What stands before tag or digest in an image reference, such as `127.0.0.1:5000/shop/team/app`.",
      ),
  }),
  isAutoNamed: false,
  importId: ["registryId", "name"],
  replacing: REPLACING,
  secrets: [],

  describe: (properties) => `repository "${String(properties["resourceName"])}"`,

  check(request) {
    return { inputs: request.news, failures: inputFailures(repositoryInputs, request) };
  },

  async diff(_context, { state, news, unknown }) {
    const wanted = { ...news, forceDestroy: news["forceDestroy"] ?? false };
    const replaces = changedKeys(REPLACING, state, wanted, unknown);
    const updates = changedKeys(["forceDestroy"], state, wanted, unknown);
    return { changes: [...replaces, ...updates], replaces };
  },

  async create(context, bag) {
    const wanted = repositoryInputs.parse(bag);
    const { registryId, name } = wanted;
    const url = await repositoryUrl(context, registryId, name);
    if (url === undefined) throw new ResourceError(`there is no registry ${registryId}`);
    return { id: name, state: { ...wanted, url } };
  },

  async read(context, id, state) {
    // It goes with its registry; without content it is as it was declared.
    const url = await repositoryUrl(context, String(state["registryId"]), id);
    return url === undefined ? undefined : { id, state: { ...state, name: id, url } };
  },

  async update(_context, _id, state, bag) {
    return { ...repositoryInputs.parse(bag), url: state["url"] };
  },

  async delete({ client }, id, state) {
    const registryId = String(state["registryId"]);
    if (state["forceDestroy"] === true) {
      await client.repositories.delete(registryId, id);
      return;
    }
    const found = await client.repositories.get(registryId, id);
    if (found === undefined || found.metadata.artifactCount === 0) return;
    throw new ResourceError(
      `it holds artifacts and is not deleted: set forceDestroy to true, run \`pulumi up\`, and delete it then; or empty ${id} first`,
    );
  },
};

/** What stands before tag or digest in references to a repository; undefined where its registry is not there. */
export async function repositoryUrl(
  { client }: Context,
  registryId: string,
  name: string,
): Promise<string | undefined> {
  const registry = await client.registries.get(registryId);
  if (registry === undefined) return undefined;
  return `${registry.properties.endpoint ?? registry.properties.hostname ?? ""}/${name}`;
}
