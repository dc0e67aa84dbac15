import fc from "fast-check";

/** What requests are made of besides the words below. */
export interface Words {
  readonly digests: readonly string[];
  readonly names: readonly string[];
  readonly credentials: readonly string[];
}

/** A request, nearly right or quite wrong. */
export function requestArbitrary({ digests, names, credentials }: Words): fc.Arbitrary<string> {
  const word = fc.constantFrom(...PATH_WORDS, ...digests, ...names);
  const free = fc
    .string({ unit: "binary", maxLength: 20 })
    .map((text) => encodeURI(wellFormed(text)));
  const segments = fc.array(fc.oneof({ weight: 8, arbitrary: word }, free), { maxLength: 8 });
  const anyPath = segments.map((parts) => `/${parts.join("/")}`);
  const nearPath = fc
    .tuple(fc.constantFrom(...PATHS), word, word, word)
    .map(([pattern, ...words]) => words.reduce((path, each) => path.replace("*", each), pattern));
  const query = fc
    .array(fc.tuple(fc.constantFrom(...QUERY_NAMES), fc.oneof(word, free)), { maxLength: 3 })
    .map((pairs) => pairs.map(([name, value]) => `${name}=${value}`).join("&"));
  const authorization = fc
    .constantFrom(...credentials, "Basic", "Basic Og==", "Bearer a.b.c", "Bearer", "Negotiate x")
    .map((value) => `Authorization: ${value}`);
  const lines = fc.array(fc.constantFrom(...HEADER_LINES), { maxLength: 4 });
  const body = fc.oneof(
    fc.constant(["", ""]),
    fc
      .string({ unit: "binary-ascii", maxLength: 200 })
      .map((text) => [`Content-Length: ${text.length}`, text]),
    fc.constantFrom(...BODIES),
  );
  return fc
    .tuple(
      fc.constantFrom(...METHODS),
      fc.oneof(nearPath, anyPath),
      query,
      authorization,
      lines,
      body,
    )
    .map(([method, path, search, credential, more, [framing, content]]) => {
      const target = search === "" ? path : `${path}?${search}`;
      const head = [`${method} ${target} HTTP/1.1`, credential, ...more, framing];
      return `${head.filter((line) => line !== "").join("\r\n")}\r\n\r\n${content}`;
    });
}

/** `encodeURI` knows no halves of a pair. */
function wellFormed(text: string): string {
  return text.replace(/[\ud800-\udfff]/g, "");
}

const METHODS = [
  "GET",
  "GET",
  "HEAD",
  "PUT",
  "POST",
  "PATCH",
  "DELETE",
  "OPTIONS",
  "TRACE",
  "PROPFIND",
  "get",
  "CONNECT",
];

const PATH_WORDS = [
  "v2",
  "shop",
  "vault",
  "app",
  "_catalog",
  "tags",
  "list",
  "manifests",
  "blobs",
  "uploads",
  "referrers",
  "token",
  "containerregistries",
  "registries",
  "tokens",
  "healthz",
  "1",
  "..",
  ".",
  "",
  "%2e%2e",
  "%2F",
  "..%2fvault",
  "%",
  "%zz",
  "%00",
  "%ff",
  "%c0%af",
  "%u0041",
  "__proto__",
  "constructor",
  "hasOwnProperty",
  "toString",
  "sha256:",
  "sha256:0",
  "sha512:00",
  "md5:00",
  "\\",
  "a".repeat(300),
  "*",
  "~",
  ";a=b",
  "@",
  "Ä",
];

const PATHS = [
  "/v2/shop/*/blobs/*",
  "/v2/vault/*/blobs/*",
  "/v2/shop/../vault/*/blobs/*",
  "/v2/shop/%2e%2e/vault/*/manifests/*",
  "/v2/shop/*/manifests/*",
  "/v2/vault/*/manifests/*",
  "/v2/shop/*/tags/list",
  "/v2/vault/*/tags/list",
  "/v2/*/_catalog",
  "/v2/_catalog",
  "/v2/shop/*/referrers/*",
  "/v2/shop/*/blobs/uploads/",
  "/v2/shop/*/blobs/uploads/*",
  "/v2/*/*/*",
  "/v2//*/blobs/*",
  "/v2/shop%2f*/blobs/*",
  "//v2/vault/*/blobs/*",
  "/token",
  "/containerregistries/registries/*",
  "/registries/*/tokens/*",
  "/v2",
  "http://vault.cr.de-fra.localhost/v2/*/blobs/*",
  "*",
];

const QUERY_NAMES = [
  "n",
  "last",
  "digest",
  "mount",
  "from",
  "tag",
  "artifactType",
  "scope",
  "service",
  "__proto__",
  "%00",
  "",
];

const HEADER_LINES = [
  "Host: 127.0.0.1",
  "Host: vault.cr.de-fra.localhost",
  "Host: shop.cr.de-fra.localhost:80",
  "Host:",
  "Host: a\r\nHost: b",
  "Host: [::1",
  "Range: bytes=0-",
  "Range: bytes=-1",
  "Range: bytes=5-2",
  "Range: bytes=0-0,2-3",
  "Range: bytes=99999999999999999999-",
  "Range: x",
  "Content-Range: 0-9",
  "Content-Range: bytes 0-9/10",
  "Content-Range: 9-0",
  "Content-Range: x-y",
  "Content-Range: 0-99999999999999999999",
  "Content-Type: application/json",
  "Content-Type: application/vnd.oci.image.manifest.v1+json",
  "Content-Type: __proto__",
  "Content-Type:",
  "Content-Encoding: gzip",
  "Accept: \u00ff",
  "If-None-Match: *",
  'If-None-Match: "',
  "If-Range: x",
  "Expect: 100-continue",
  "Expect: x",
  "Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABkAAQAAP__",
  "Upgrade: websocket\r\nConnection: upgrade",
  "Connection: close",
  "Connection: keep-alive, __proto__",
  "__proto__: x",
  "constructor: x",
  " folded: x",
  "X-HTTP-Method-Override: DELETE",
  "X-Forwarded-Host: vault.cr.de-fra.localhost",
  "X-Forwarded-Proto: javascript",
  "X-Original-URL: /v2/vault/_catalog",
  "Transfer-Encoding: gzip",
  "X: \u0000",
  "no colon",
];

const BODIES: readonly [string, string][] = [
  ["Transfer-Encoding: chunked", "5\r\nhello\r\n0\r\n\r\n"],
  ["Transfer-Encoding: chunked", "ffffffffffffffff\r\nhello"],
  ["Transfer-Encoding: chunked", "5\r\nhel"],
  ["Transfer-Encoding: chunked", "zz\r\n\r\n"],
  ["Transfer-Encoding: chunked", "0\r\n__proto__: x\r\n\r\n"],
  ["Content-Length: 100", "too short"],
  ["Content-Length: 1", "too long"],
  ["Content-Length: 99999999999999999999", "x"],
  ["Content-Length: 21", '{"__proto__":{"a":1}}'],
  ["Content-Length: 2", "{}"],
  ["Content-Length: 4", "null"],
  ["Content-Length: 1", "["],
  ["Content-Type: application/json\r\nContent-Length: 40000", "[".repeat(40_000)],
];
