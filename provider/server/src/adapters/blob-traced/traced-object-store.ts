import type { RegistryId, StorageKey } from "../../domain/ids.ts";
import { replacing } from "../../domain/replacing.ts";
import type { ObjectAppender, ObjectReader, ObjectStore } from "../../ports/object-store.ts";
import type { Span, Tracer } from "../../ports/tracer.ts";

/**
 * An object store whose work has spans: one for each object that is written (`storage put`) or read (`storage get`), from its opening to its
 * closing, with the bytes; one for each wait for durability (`storage fsync`).
 */
export function traceObjects(inner: ObjectStore, tracer: Tracer): ObjectStore {
  return replacing(inner, {
    append: (registryId, key, offset) =>
      spanning(tracer, "storage put", registryId, key, async (span) =>
        tracedAppender(await inner.append(registryId, key, offset), span, tracer),
      ),
    open: (registryId, key, options) =>
      spanning(tracer, "storage get", registryId, key, async (span) =>
        tracedReader(await inner.open(registryId, key, options), span),
      ),
    remove: async (registryId, key) =>
      tracer.within("storage remove", attributesOf(registryId, key), () =>
        inner.remove(registryId, key),
      ),
  });
}

function attributesOf(registryId: RegistryId, key: StorageKey) {
  return { "moorage.registry.id": registryId, "moorage.storage.key": key };
}

/** The span goes on after the opening: closing ends it. */
async function spanning<Opened>(
  tracer: Tracer,
  name: string,
  registryId: RegistryId,
  key: StorageKey,
  open: (span: Span | undefined) => Promise<Opened>,
): Promise<Opened> {
  const span = tracer.beginWithin(name, attributesOf(registryId, key));
  try {
    return await open(span);
  } catch (error) {
    span?.fail("open-failed");
    span?.end();
    throw error;
  }
}

function tracedAppender(
  inner: ObjectAppender,
  span: Span | undefined,
  tracer: Tracer,
): ObjectAppender {
  let bytes = 0;
  return {
    write(pieces) {
      for (const { byteLength } of pieces) {
        bytes += byteLength;
      }
      return inner.write(pieces);
    },
    async sync() {
      const sync = () => tracer.within("storage fsync", {}, () => inner.sync());
      await (span === undefined ? sync() : span.around(sync));
    },
    async close() {
      await inner.close();
      span?.set({ "moorage.bytes": bytes });
      span?.end();
    },
  };
}

function tracedReader(inner: ObjectReader, span: Span | undefined): ObjectReader {
  let bytes = 0;
  return {
    async read(into, position) {
      const read = await inner.read(into, position);
      bytes += read;
      return read;
    },
    async close() {
      await inner.close();
      span?.set({ "moorage.bytes": bytes });
      span?.end();
    },
  };
}
