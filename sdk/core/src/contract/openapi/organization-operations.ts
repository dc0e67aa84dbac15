import { auditEventsQuery } from "../audit-event.ts";
import { usersQuery } from "../user.ts";
import type { Operations } from "./operation.ts";

const ONE = { schema: "User", headers: ["ETag"] } as const;

/** The caller's organization, its people and its audit log, and what the server says of itself (extensions). */
export const ORGANIZATION_OPERATIONS: Operations = {
  "GET /organization": {
    id: "getOrganization",
    topic: "Organization",
    summary: "Read the caller's organization and what its registries store",
    answers: { 200: { description: "The organization.", schema: "Organization" } },
  },
  "GET /users": {
    id: "listUsers",
    topic: "Organization",
    summary: "List people by e-mail address",
    description: "For owners and admins.",
    query: usersQuery,
    answers: { 200: { description: "One page of people.", schema: "Users" } },
  },
  "POST /users": {
    id: "createUser",
    topic: "Organization",
    summary: "Add a person",
    description: "For owners and admins. Without `password` one is generated.",
    body: { schema: "UserRequest" },
    answers: {
      201: {
        description: "The person; with the password if it was generated, shown only here.",
        schema: "User",
        headers: ["ETag", "Location"],
      },
    },
    refusals: [409, 413, 415, 507],
  },
  "GET /users/me": {
    id: "getOneself",
    topic: "Organization",
    summary: "Read oneself",
    description: "For everybody with a password here; an identity provider's people are not kept.",
    answers: { 200: { description: "The caller.", ...ONE } },
    refusals: [404],
  },
  "PUT /users/me/password": {
    id: "changeOwnPassword",
    topic: "Organization",
    summary: "Change one's own password",
    description: "For everybody who knows the one that they have. What was issued by it ends.",
    body: { schema: "OwnPassword" },
    answers: { 204: { description: "The new password counts, and the old one no longer." } },
    refusals: [404, 412, 413, 415, 507],
  },
  "GET /users/{userId}": {
    id: "getUser",
    topic: "Organization",
    summary: "Read a person",
    description: "For owners and admins.",
    answers: { 200: { description: "The person.", ...ONE } },
    refusals: [404],
  },
  "PATCH /users/{userId}": {
    id: "changeUser",
    topic: "Organization",
    summary: "Change a person's role, displayed name or password",
    description: "For owners and admins. What is left out stays.",
    isConditional: true,
    body: { schema: "UserPatch" },
    answers: { 200: { description: "The person as they are now.", ...ONE } },
    refusals: [404, 409, 412, 413, 415, 507],
  },
  "DELETE /users/{userId}": {
    id: "deleteUser",
    topic: "Organization",
    summary: "Remove a person",
    description: "For owners and admins. The last owner stays.",
    isConditional: true,
    answers: { 204: { description: "The person is gone." } },
    refusals: [404, 409, 412, 413, 415, 507],
  },
  "GET /audit-events": {
    id: "listAuditEvents",
    topic: "Audit log",
    summary: "List who did what, when and from where",
    description:
      "For owners and admins. `format=jsonl`, or that media type in `Accept`, exports all at once, one event in each line.",
    query: auditEventsQuery,
    answers: {
      200: {
        description: "One page of events, or all of them as lines.",
        schema: "AuditEvents",
        mediaTypes: ["application/x-ndjson"],
      },
    },
  },
  "GET /openapi.json": {
    id: "getDescription",
    topic: "This server",
    summary: "Read this description",
    isOpen: true,
    answers: {
      200: {
        description: "The description.",
        mediaTypes: ["application/json"],
        headers: ["ETag", "Cache-Control"],
      },
      304: { description: "It is as `If-None-Match` says.", headers: ["ETag", "Cache-Control"] },
    },
  },
  "GET /docs": {
    id: "showDescription",
    topic: "This server",
    summary: "Show this description as a page",
    isOpen: true,
    answers: {
      200: {
        description: "The page.",
        mediaTypes: ["text/html"],
        headers: ["ETag", "Cache-Control"],
      },
      304: { description: "It is as `If-None-Match` says.", headers: ["ETag", "Cache-Control"] },
    },
  },
  "GET /healthz": {
    id: "getHealth",
    topic: "This server",
    summary: "Tell that the process answers",
    isOpen: true,
    isAtRootAlone: true,
    answers: { 200: { description: "It does.", schema: "Health" } },
  },
  "GET /readyz": {
    id: "getReadiness",
    topic: "This server",
    summary: "Tell whether the database can be used",
    isOpen: true,
    isAtRootAlone: true,
    answers: {
      200: { description: "It can.", schema: "Health" },
      503: { description: "It cannot.", schema: "Health" },
    },
  },
};
