const ANSWER_MILLISECONDS_MAX = 5_000;

/** `starting`: the server is there and says that it is not ready. `foreign`: something else. */
export type Presence = "absent" | "starting" | "ready" | "foreign";

export async function probe(endpoint: string): Promise<Presence> {
  try {
    const { status } = await get(`${endpoint}/readyz`);
    if (status === 200) return "ready";
    return status === 503 ? "starting" : "foreign";
  } catch (error) {
    return isConnectionRefused(error) ? "absent" : "foreign";
  }
}

/** `foreign`: what answers does not speak the management API. */
export type Admission = "accepted" | "refused" | "foreign";

export async function tryCredentials(
  endpoint: string,
  username: string,
  password: string,
): Promise<Admission> {
  const base = endpoint.replace(/\/containerregistries$/, "");
  const basic = Buffer.from(`${username}:${password}`).toString("base64");
  try {
    const { status, body } = await get(`${base}/containerregistries/locations`, {
      authorization: `Basic ${basic}`,
    });
    if (status === 401 || status === 403) return "refused";
    return status === 200 && isObject(JSON.parse(body)) ? "accepted" : "foreign";
  } catch {
    return "foreign";
  }
}

async function get(
  url: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; body: string }> {
  const signal = AbortSignal.timeout(ANSWER_MILLISECONDS_MAX);
  const response = await fetch(url, { headers, signal, redirect: "manual" });
  return { status: response.status, body: await response.text() };
}

function isConnectionRefused(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && "code" in cause && cause.code === "ECONNREFUSED";
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}
