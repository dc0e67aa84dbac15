import type { Client } from "@moorage/core/client/client";
import type { z } from "zod";
import type { Example } from "./example.ts";

/** Properties as an engine hands them over: checked by nobody yet. */
export type PropertyBag = Readonly<Record<string, unknown>>;

/** The time, and waiting for it to pass. */
export interface Clock {
  now(): Date;
  wait(milliseconds: number): Promise<void>;
}

/** What a resource works with. Made from the current settings on every run, never remembered. */
export interface Context {
  readonly client: Client;
  readonly clock: Clock;
  /** A short random text that makes a name unique. */
  readonly suffix: () => string;
  /** How long a resource may take to become usable; a minute where nobody said. */
  readonly readyMilliseconds?: number | undefined;
}

/** One thing that is wrong with inputs: a sentence that says what would be right. */
export interface CheckFailure {
  readonly property: string;
  readonly reason: string;
}

/** Inputs of a resource before they are checked. */
export interface CheckRequest {
  /** The inputs of the last run; empty for a new resource. */
  readonly olds: PropertyBag;
  readonly news: PropertyBag;
  /** Keys of `news` whose values are known only once other resources exist. */
  readonly unknown: ReadonlySet<string>;
  readonly now: Date;
}

/** The inputs to go on with, and what is wrong with them. */
export interface Checked {
  readonly inputs: PropertyBag;
  readonly failures: readonly CheckFailure[];
}

/** What was, and what is wanted now. */
export interface DiffRequest {
  readonly id: string;
  /** What the last run, or a refresh, left in state. */
  readonly state: PropertyBag;
  readonly news: PropertyBag;
  readonly unknown: ReadonlySet<string>;
}

/** Which properties change, and which of them only a new resource can have. */
export interface Difference {
  readonly changes: readonly string[];
  readonly replaces: readonly string[];
  /** Whether the old resource must go before the new one can be made: both would bear one name. */
  readonly deletesFirst?: boolean;
}

/** A resource that exists: its id and what to keep in state. */
export interface Live {
  readonly id: string;
  readonly state: PropertyBag;
}

/**
 * What a resource is, on plain values. The faces (dynamic provider, plugin) only translate.
 * Every method but `check` may call the server and rejects with a `ClientError` or a
 * {@link ResourceError}.
 */
export interface Resource {
  /** The class that a program makes, for example `Token`. */
  readonly type: string;
  /** What the resource is, in sentences; the first one stands alone. */
  readonly description: string;
  /** A program that makes one. */
  readonly example: Example;
  /** What a program says of it, each property described; `resourceName` comes from the faces. */
  readonly inputs: z.ZodObject;
  /** What it has besides its inputs, each property described. */
  readonly outputs: z.ZodObject;
  /** Whether a resource without a name of its own gets one made from the program's name for it. */
  readonly isAutoNamed: boolean;
  /** Whether no server is asked: neither settings nor a client are there for it. */
  readonly isLocal?: boolean;
  /** The parts of the id that it is imported by, such as `<registryId>/<tokenId>`; the last is its own. None: it cannot be. */
  readonly importId: readonly string[];
  /** Inputs whose change makes another resource; none where left out. */
  readonly replacing?: readonly string[];
  /** Outputs that are always secret. */
  readonly secrets: readonly string[];
  /** Inputs that the server fills in where a program leaves them out; none where left out. */
  readonly generated?: readonly string[];
  /** How a sentence names the resource, from its inputs or its state. */
  describe(properties: PropertyBag): string;
  /** Checks inputs without asking the server. */
  check(request: CheckRequest): Checked;
  diff(context: Context, request: DiffRequest): Promise<Difference>;
  create(context: Context, inputs: PropertyBag): Promise<Live>;
  /** What is there now; undefined: nothing. */
  read(context: Context, id: string, state: PropertyBag): Promise<Live | undefined>;
  update(
    context: Context,
    id: string,
    state: PropertyBag,
    inputs: PropertyBag,
  ): Promise<PropertyBag>;
  /** Outputs that this update makes anew, so that a preview cannot tell them; none where left out. */
  renewed?(context: Context, request: DiffRequest): Promise<readonly string[]>;
  /** The inputs that would make what is there, from its state; all that are in it where left out. */
  inputsFrom?(state: PropertyBag): PropertyBag;
  /** Deletes the resource; that it is gone already is a success. */
  delete(context: Context, id: string, state: PropertyBag): Promise<void>;
}

/** An expected refusal of the provider itself; the message is a sentence for people. */
export class ResourceError extends Error {
  override readonly name = "ResourceError";
}

/** A resource that was made, or changed, and is not usable: the next run goes on with it. */
export class UnfinishedError extends ResourceError {
  readonly live: Live;

  constructor(message: string, live: Live) {
    super(message);
    this.live = live;
  }
}
