import { replacing } from "../../domain/replacing.ts";
import type { MetadataStore } from "../../ports/metadata-store.ts";
import type { Tracer } from "../../ports/tracer.ts";

type StoreName = {
  [Name in keyof MetadataStore]: MetadataStore[Name] extends (...args: never) => unknown
    ? never
    : Name;
}[keyof MetadataStore];

/**
 * A metadata store with a span around each of its calls, named by the store and the method: a query, or a transaction with its wait for the
 * commit. Stands below the cache, so that what is answered from memory has none.
 */
export function traceMetadata(inner: MetadataStore, tracer: Tracer): MetadataStore {
  const traced = (name: StoreName) => tracedStore(inner[name], name, tracer);
  const names = Object.keys(inner).filter((name): name is StoreName => isStore(inner, name));
  return replacing(inner, Object.fromEntries(names.map((name) => [name, traced(name)])));
}

function isStore(inner: MetadataStore, name: string): boolean {
  const value: unknown = Reflect.get(inner, name);
  return typeof value === "object" && value !== null;
}

function tracedStore<Store extends object>(store: Store, name: string, tracer: Tracer): Store {
  const methods = new Map<string | symbol, unknown>();
  return new Proxy(store, {
    get(target, method) {
      const known = methods.get(method);
      if (known !== undefined) {
        return known;
      }
      const value: unknown = Reflect.get(target, method, target);
      if (typeof value !== "function") {
        return value;
      }
      const operation = `${name}.${String(method)}`;
      const attributes = { "db.system.name": "sqlite", "db.operation.name": operation };
      const traced = (...args: readonly unknown[]) =>
        tracer.within(`metadata ${operation}`, attributes, () => value.apply(target, args));
      methods.set(method, traced);
      return traced;
    },
  });
}
