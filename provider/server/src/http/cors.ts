import cors from "@fastify/cors";
import type { FastifyInstance } from "fastify";
import { PREFLIGHT_SECONDS } from "../domain/limits.ts";

/** Headers of answers that a page may read, besides those that it always may. */
const READABLE = [
  "Allow",
  "Content-Range",
  "Docker-Content-Digest",
  "Docker-Distribution-API-Version",
  "Docker-Upload-UUID",
  "ETag",
  "Link",
  "Location",
  "OCI-Filters-Applied",
  "OCI-Subject",
  "Range",
  "Retry-After",
  "WWW-Authenticate",
];

/**
 * Lets pages of these origins call both APIs. They send credentials in `Authorization`; those that a browser would add by itself are never
 * asked for, so that `*` gives no page more than a program has. Nothing is added where no origin is named.
 */
export function allowOrigins(app: FastifyInstance, origins: readonly string[]): void {
  if (origins.length === 0) {
    return;
  }
  app.register(cors, {
    origin: origins.includes("*") ? "*" : [...origins],
    methods: ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"],
    exposedHeaders: READABLE,
    credentials: false,
    maxAge: PREFLIGHT_SECONDS,
    strictPreflight: false,
  });
  app.after(() => {
    // The distribution API answers past Fastify, which would add these itself.
    app.addHook("onRequest", async (_request, reply) => {
      for (const [name, value] of Object.entries(reply.getHeaders())) {
        if (value !== undefined) {
          reply.raw.setHeader(name, value);
        }
      }
    });
  });
}
