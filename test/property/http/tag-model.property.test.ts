import assert from "node:assert/strict";
import fc from "fast-check";
import {
  CONFIG_TYPE,
  descriptorOf,
  digestOf,
  manifestBytes,
  OCI_MANIFEST,
} from "../../support/content.ts";
import { assertStatus, type DistributionClient } from "../../support/distribution-client.ts";
import { type Answer, jsonOf } from "../../support/http-request.ts";
import { LocalRegistry } from "../../support/local-registry.ts";
import { auditStorage } from "../../support/storage-audit.ts";

const CONFIG = Buffer.from("{}");
const TAGS = ["1", "2", "latest", "Z"] as const;
/** This one has the first one as its subject. */
const REFERRER = 3;
const MANIFESTS: readonly Buffer[] = [0, 1, 2, 3].map((number) => makeManifest(number));
const SUBJECT = digestOf(manifestAt(0));

interface Model {
  readonly manifests: Set<number>;
  readonly tags: Map<string, number>;
}

interface Real {
  readonly client: DistributionClient;
  readonly repository: string;
}

/** Something that a client does, and what it should do to the model, whose answer is the status. */
class Step implements fc.AsyncCommand<Model, Real> {
  readonly #name: string;
  readonly #request: (real: Real) => Promise<Answer>;
  readonly #effect: (model: Model) => number;

  constructor(
    name: string,
    request: (real: Real) => Promise<Answer>,
    effect: (model: Model) => number,
  ) {
    this.#name = name;
    this.#request = request;
    this.#effect = effect;
  }

  check(): boolean {
    return true;
  }

  async run(model: Model, real: Real): Promise<void> {
    const answer = await this.#request(real);
    assertStatus(answer, this.#effect(model));
    await checkAgainst(model, real);
  }

  toString(): string {
    return this.#name;
  }
}

const manifest = fc.nat(MANIFESTS.length - 1);
const tag = fc.constantFrom(...TAGS);

const pushTagged = fc.tuple(manifest, tag, fc.subarray([...TAGS])).map(([number, name, others]) => {
  const reference = [name, ...others.map((each) => `tag=${each}`)].join("&").replace("&", "?");
  return new Step(
    `push(${number}, ${reference})`,
    ({ client, repository }) => client.putManifest(repository, reference, manifestAt(number)),
    ({ manifests, tags }) => {
      manifests.add(number);
      for (const each of [name, ...others]) {
        tags.set(each, number);
      }
      return 201;
    },
  );
});

const pushByDigest = manifest.map(
  (number) =>
    new Step(
      `push(${number})`,
      ({ client, repository }) =>
        client.putManifest(repository, digestOf(manifestAt(number)), manifestAt(number)),
      ({ manifests }) => {
        manifests.add(number);
        return 201;
      },
    ),
);

const deleteTag = tag.map(
  (name) =>
    new Step(
      `delete(${name})`,
      ({ client, repository }) => client.ask("DELETE", repository, `manifests/${name}`),
      ({ tags }) => (tags.delete(name) ? 202 : 404),
    ),
);

const deleteManifest = manifest.map(
  (number) =>
    new Step(
      `delete(${number})`,
      ({ client, repository }) =>
        client.ask("DELETE", repository, `manifests/${digestOf(manifestAt(number))}`),
      ({ manifests, tags }) => {
        for (const [name, target] of tags) {
          if (target === number) {
            tags.delete(name);
          }
        }
        return manifests.delete(number) ? 202 : 404;
      },
    ),
);

describe("tags and manifests", function () {
  this.timeout(120_000);
  let local: LocalRegistry;
  before(async () => {
    local = await LocalRegistry.start();
  });
  after(() => local.close());

  it("do what their model does", async () => {
    let count = 0;
    const commands = fc.commands([pushTagged, pushByDigest, deleteTag, deleteManifest], {
      maxCommands: 20,
    });
    await fc.assert(
      fc.asyncProperty(commands, async (plan) => {
        const repository = `tags/r${count++}`;
        await local.client.pushBlob(repository, CONFIG);
        const setup = () => ({
          model: { manifests: new Set<number>(), tags: new Map<string, number>() },
          real: { client: local.client, repository },
        });
        await fc.asyncModelRun(setup, plan);
      }),
      { numRuns: 60 },
    );
    assert.deepEqual(await auditStorage(local.dataDir), { broken: [], orphans: [] });
  });
});

/** The lists, every tag, every manifest and the referrers are what the model says. */
async function checkAgainst({ manifests, tags }: Model, real: Real): Promise<void> {
  const { client, repository } = real;
  const list = await client.ask("GET", repository, "tags/list");
  assert.deepEqual(jsonOf(list), {
    name: `${client.options.registry}/${repository}`,
    tags: [...tags.keys()].sort(),
  });
  for (const name of TAGS) {
    const answer = await client.ask("GET", repository, `manifests/${name}`);
    const target = tags.get(name);
    assertStatus(answer, target === undefined ? 404 : 200);
    assert.ok(target === undefined || answer.body.equals(manifestAt(target)));
  }
  for (const [number, bytes] of MANIFESTS.entries()) {
    const answer = await client.ask("HEAD", repository, `manifests/${digestOf(bytes)}`);
    assertStatus(answer, manifests.has(number) ? 200 : 404);
  }
  const referrers = jsonOf(await client.ask("GET", repository, `referrers/${SUBJECT}`));
  const { manifests: found } = referrers as { manifests: { digest: string }[] };
  const expected = manifests.has(REFERRER) ? [digestOf(manifestAt(REFERRER))] : [];
  assert.deepEqual(
    found.map(({ digest }) => digest),
    expected,
  );
}

function makeManifest(number: number): Buffer {
  return manifestBytes({
    schemaVersion: 2,
    mediaType: OCI_MANIFEST,
    config: descriptorOf(CONFIG_TYPE, CONFIG),
    layers: [],
    annotations: { number: String(number) },
    ...(number === REFERRER && { subject: descriptorOf(OCI_MANIFEST, makeManifest(0)) }),
  });
}

function manifestAt(number: number): Buffer {
  const bytes = MANIFESTS[number];
  assert.ok(bytes !== undefined);
  return bytes;
}
