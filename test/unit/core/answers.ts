/** Answers of the management API for tests of the client, as a server that knows the contract gives them. */

const metadata = { createdBy: "ops", createdByUserId: "u", createdDate: "2026-03-01T08:00:00Z" };

export function registryAnswer(name: string, number: number): object {
  return {
    id: `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`,
    type: "registry",
    href: "",
    metadata: { ...metadata, state: "Running" },
    properties: { name, location: "de/fra", added: "by a later version" },
  };
}

export function tokenAnswer(name: string, number: number, password = ""): object {
  return {
    id: `00000000-0000-4000-9000-${String(number).padStart(12, "0")}`,
    type: "token",
    metadata: { ...metadata, state: "enabled" },
    properties: { name, credentials: { username: name, password } },
  };
}

export function registriesAnswer(names: readonly string[], token: string): object {
  return {
    id: "registries",
    type: "collection",
    items: names.map((name, index) => registryAnswer(name, index)),
    pagination: { limit: names.length, token },
    _links: { next: "", previous: "", self: "" },
  };
}

export function errorAnswer(httpStatus: number, errorCode: string, message: string): object {
  return { httpStatus, messages: [{ errorCode, message }] };
}
