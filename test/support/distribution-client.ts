import assert from "node:assert/strict";
import {
  CONFIG_TYPE,
  descriptorOf,
  digestOf,
  LAYER_TYPE,
  manifestBytes,
  OCI_MANIFEST,
  someContent,
} from "./content.ts";
import { type Answer, type Asking, jsonOf, send } from "./http-request.ts";
import { basic, type Credentials } from "./management.ts";

export interface ClientOptions {
  readonly url: string;
  /** What stands before a repository's name in paths: the registry, on a host that all registries share. */
  readonly registry?: string;
  readonly credentials?: Credentials;
  /** Headers that go with every request, over those that `credentials` make. */
  readonly headers?: Readonly<Record<string, string>>;
}

export interface PushedImage {
  readonly digest: string;
  readonly bytes: Buffer;
  readonly config: Buffer;
  readonly layer: Buffer;
}

/** A client of the distribution API that does what it is told: no retries, no redirects, no second thoughts. */
export class DistributionClient {
  readonly options: ClientOptions;

  constructor(options: ClientOptions) {
    this.options = options;
  }

  /** The same client with some options changed. */
  with(options: Partial<ClientOptions>): DistributionClient {
    return new DistributionClient({ ...this.options, ...options });
  }

  /** The same client on the registry's own host name. */
  onHost(host: string): DistributionClient {
    const { registry: _, headers, ...options } = this.options;
    return new DistributionClient({ ...options, headers: { ...headers, host } });
  }

  /** The same client without credentials. */
  anonymous(): DistributionClient {
    const { credentials: _, ...options } = this.options;
    return new DistributionClient(options);
  }

  path(repository: string, rest: string): string {
    const { registry } = this.options;
    return `/v2/${registry === undefined ? "" : `${registry}/`}${repository}/${rest}`;
  }

  /** Sends to a path as it stands, such as a `Location`. */
  send(method: string, path: string, { headers, ...asking }: Asking = {}): Promise<Answer> {
    const { url, credentials, headers: always } = this.options;
    const authorization = credentials && { authorization: basic(credentials) };
    return send(url, method, path, {
      ...asking,
      headers: { ...authorization, ...always, ...headers },
    });
  }

  /** Sends to a path below a repository. */
  ask(method: string, repository: string, rest: string, asking: Asking = {}): Promise<Answer> {
    return this.send(method, this.path(repository, rest), asking);
  }

  /** Starts an upload session and returns where it is. */
  async startUpload(repository: string): Promise<string> {
    const answer = await this.ask("POST", repository, "blobs/uploads/");
    assertStatus(answer, 202);
    return locationOf(answer);
  }

  /** Pushes a blob by POST and PUT, and returns its digest. */
  async pushBlob(repository: string, bytes: Uint8Array, algorithm = "sha256"): Promise<string> {
    const digest = digestOf(bytes, algorithm);
    const location = await this.startUpload(repository);
    assertStatus(await this.send("PUT", withDigest(location, digest), { body: bytes }), 201);
    return digest;
  }

  putManifest(
    repository: string,
    reference: string,
    bytes: Uint8Array | string,
    mediaType: string | undefined = OCI_MANIFEST,
  ): Promise<Answer> {
    const headers = { "content-type": mediaType };
    return this.ask("PUT", repository, `manifests/${reference}`, { body: bytes, headers });
  }

  /** Pushes an image of one layer; `more` are further fields of its manifest. */
  async pushImage(repository: string, reference?: string, more: object = {}): Promise<PushedImage> {
    const config = Buffer.from(JSON.stringify({ made: someContent(8).toString("hex") }));
    const layer = someContent();
    await this.pushBlob(repository, config);
    await this.pushBlob(repository, layer);
    const bytes = manifestBytes({
      schemaVersion: 2,
      mediaType: OCI_MANIFEST,
      config: descriptorOf(CONFIG_TYPE, config),
      layers: [descriptorOf(LAYER_TYPE, layer)],
      ...more,
    });
    const digest = digestOf(bytes);
    assertStatus(await this.putManifest(repository, reference ?? digest, bytes), 201);
    return { digest, bytes, config, layer };
  }
}

export function assertStatus(answer: Answer, status: number): void {
  assert.equal(
    answer.status,
    status,
    `${answer.status}: ${answer.body.toString("utf8").slice(0, 500)}`,
  );
}

/** Fails unless the answer is this refusal, in the specification's form (distribution-spec 1.1, "Error Codes"). */
export function assertRefused(answer: Answer, status: number, code: string): void {
  assertStatus(answer, status);
  assert.match(answer.headers["content-type"] ?? "", /^application\/json/);
  const { errors } = jsonOf(answer) as { errors: { code: string; message: string }[] };
  assert.deepEqual(
    errors.map((error) => error.code),
    [code],
  );
  assert.notEqual(errors[0]?.message, "");
}

export function locationOf(answer: Answer): string {
  const { location } = answer.headers;
  assert.ok(location !== undefined, "the answer has no Location");
  return location;
}

/** An upload's address with the digest that ends it. */
export function withDigest(location: string, digest: string): string {
  return `${location}${location.includes("?") ? "&" : "?"}digest=${encodeURIComponent(digest)}`;
}
