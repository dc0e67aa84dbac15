import { registriesQuery } from "../pages.ts";
import type { Operations } from "./operation.ts";

const ONE = { schema: "Registry", headers: ["ETag"] } as const;
const CREATED = { schema: "Registry", headers: ["ETag", "Location"] } as const;

/** Locations, names and registries (contract, section 1), and their collections of garbage (extensions). */
export const REGISTRY_OPERATIONS: Operations = {
  "GET /locations": {
    id: "listLocations",
    topic: "Locations and names",
    summary: "List the locations that a registry can have",
    answers: { 200: { description: "All locations.", schema: "Locations" } },
  },
  "HEAD /names/{name}": {
    id: "checkName",
    topic: "Locations and names",
    summary: "Tell whether a registry's name is taken",
    description: "Over all organizations. The answers have no body.",
    answers: { 200: { description: "The name is valid and taken." } },
    refusals: [404],
  },
  "GET /registries": {
    id: "listRegistries",
    topic: "Registries",
    summary: "List registries by name",
    query: registriesQuery,
    answers: { 200: { description: "One page of registries.", schema: "Registries" } },
  },
  "POST /registries": {
    id: "createRegistry",
    topic: "Registries",
    summary: "Create a registry",
    body: { schema: "RegistryRequest" },
    answers: { 201: { description: "The registry, in the state `New`.", ...CREATED } },
    refusals: [409, 413, 415, 507],
  },
  "GET /registries/{registryId}": {
    id: "getRegistry",
    topic: "Registries",
    summary: "Read a registry",
    answers: { 200: { description: "The registry.", ...ONE } },
    refusals: [404],
  },
  "PATCH /registries/{registryId}": {
    id: "changeRegistry",
    topic: "Registries",
    summary: "Change a registry",
    description: "The fields stand in the body themselves; what is left out stays as it is.",
    isConditional: true,
    body: { schema: "RegistryPatch" },
    answers: { 200: { description: "The registry as it is now.", ...ONE } },
    refusals: [404, 412, 413, 415, 507],
  },
  "PUT /registries/{registryId}": {
    id: "replaceRegistry",
    topic: "Registries",
    summary: "Replace a registry, or create it under this id",
    description: "What is left out takes its default. Name and location cannot be changed.",
    isConditional: true,
    body: { schema: "RegistryRequest" },
    answers: { 201: { description: "The registry, replaced or created.", ...CREATED } },
    refusals: [409, 412, 413, 415, 507],
  },
  "DELETE /registries/{registryId}": {
    id: "deleteRegistry",
    topic: "Registries",
    summary: "Delete a registry with all its content",
    isConditional: true,
    answers: { 204: { description: "The registry is gone; its id and name are free." } },
    refusals: [404, 409, 412, 413, 415, 507],
  },
  "GET /registries/{registryId}/garbage-collections": {
    id: "listGarbageCollections",
    topic: "Garbage collection",
    summary: "List the latest runs",
    answers: { 200: { description: "The latest run first.", schema: "GarbageCollectionRuns" } },
    refusals: [404],
  },
  "POST /registries/{registryId}/garbage-collections": {
    id: "startGarbageCollection",
    topic: "Garbage collection",
    summary: "Start a run now",
    description: "While one of the same kind goes on, the answer is that one.",
    body: { schema: "GarbageCollectionRequest", isOptional: true },
    answers: {
      202: {
        description: "The run, which goes on in the background.",
        schema: "GarbageCollectionRun",
        headers: ["Location"],
      },
    },
    refusals: [404, 413, 415, 507],
  },
  "GET /registries/{registryId}/garbage-collections/{runId}": {
    id: "getGarbageCollection",
    topic: "Garbage collection",
    summary: "Read a run",
    answers: { 200: { description: "The run.", schema: "GarbageCollectionRun" } },
    refusals: [404],
  },
};
