import { SealedBlobStore } from "../../provider/server/src/adapters/blob-sealed/sealed-blob-store.ts";
import type { Context } from "../../provider/server/src/app/context.ts";
import type { ObjectStore } from "../../provider/server/src/ports/object-store.ts";

/** What a storage call fails with on command. */
export class InjectedFailure extends Error {
  override readonly name = "InjectedFailure";
}

/** Whether the call that fails has done its work: then only its answer is lost. */
export type FailureKind = "before" | "after";

/** Counts storage calls, and makes one of them fail. */
export class FailurePlan {
  /** Names of the calls since `arm`. */
  calls: string[] = [];
  #failAt = Number.POSITIVE_INFINITY;
  #kind: FailureKind = "before";
  #isForGood = false;

  /** From now on, lets the n-th call fail, counted from 0. */
  arm(failAt: number, kind: FailureKind): void {
    this.calls = [];
    this.#failAt = failAt;
    this.#kind = kind;
    this.#isForGood = false;
  }

  /** The same, and no call after it does anything, as if the process had died there. */
  armForGood(failAt: number, kind: FailureKind): void {
    this.arm(failAt, kind);
    this.#isForGood = true;
  }

  disarm(): void {
    this.#failAt = Number.POSITIVE_INFINITY;
    this.#isForGood = false;
  }

  /** What failed, if something has. */
  get failed(): string | undefined {
    return this.calls[this.#failAt];
  }

  /** Does a call, or fails. `undo` gives back what a call has taken whose answer gets lost. */
  async call<T>(
    name: string,
    run: () => Promise<T>,
    undo?: (made: T) => Promise<void>,
  ): Promise<T> {
    const number = this.calls.push(name) - 1;
    if (this.#isForGood && number > this.#failAt) {
      throw new InjectedFailure(`${name} came after the end`);
    }
    const isHit = number === this.#failAt;
    if (isHit && this.#kind === "before" && !name.endsWith(".close")) {
      throw new InjectedFailure(`${name} failed, and did nothing`);
    }
    const made = await run();
    if (isHit) {
      await undo?.(made);
      throw new InjectedFailure(`${name} failed after its work was done`);
    }
    return made;
  }
}

/** The same parts, with a database and an object store that fail as planned. */
export function failingPorts(context: Context, objects: ObjectStore, plan: FailurePlan): Context {
  return {
    ...context,
    metadata: failing(context.metadata, "metadata", plan),
    blobs: new SealedBlobStore(failingObjects(objects, plan), context.keys),
  };
}

/** Everything that an object, or one of its members, does goes through the plan. */
function failing<T extends object>(target: T, name: string, plan: FailurePlan): T {
  return new Proxy(target, {
    get(_, property) {
      const member: unknown = Reflect.get(target, property, target);
      const path = `${name}.${String(property)}`;
      if (typeof member === "function") {
        return (...args: unknown[]) => plan.call(path, async () => member.apply(target, args));
      }
      return typeof member === "object" && member !== null ? failing(member, path, plan) : member;
    },
  });
}

function failingObjects(objects: ObjectStore, plan: FailurePlan): ObjectStore {
  const close = (handle: { close(): Promise<void> }) => handle.close();
  return {
    append: async (...args) => {
      const appender = await plan.call("objects.append", () => objects.append(...args), close);
      return failing(appender, "appender", plan);
    },
    open: async (...args) => {
      const reader = await plan.call("objects.open", () => objects.open(...args), close);
      return failing(reader, "reader", plan);
    },
    remove: (...args) => plan.call("objects.remove", () => objects.remove(...args)),
    removeRegistry: (...args) =>
      plan.call("objects.removeRegistry", () => objects.removeRegistry(...args)),
    keys: (...args) => objects.keys(...args),
    registries: () => objects.registries(),
  };
}
