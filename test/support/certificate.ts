import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { run } from "../../tools/obtain/run.ts";

/** A certificate that signs itself, for 127.0.0.1 and names below localhost; clients that are given it as a CA believe it. */
export interface MadeCertificate {
  readonly certFile: string;
  readonly keyFile: string;
  readonly cert: string;
  readonly key: string;
  readonly fingerprint: string;
}

/** Writes `<name>.pem` and `<name>.key` into a folder. */
export async function makeCertificate(folder: string, name: string): Promise<MadeCertificate> {
  const certFile = join(folder, `${name}.pem`);
  const keyFile = join(folder, `${name}.key`);
  const { code, errors } = await run("openssl", [
    ...["req", "-x509", "-nodes", "-days", "2", "-subj", `/CN=${name}`],
    ...["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"],
    ...["-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost,DNS:*.cr.de-fra.localhost"],
    ...["-out", certFile, "-keyout", keyFile],
  ]);
  assert.equal(code, 0, `openssl could not make a certificate: ${errors}`);
  const cert = await readFile(certFile, "utf8");
  const { fingerprint256: fingerprint } = new X509Certificate(cert);
  return { certFile, keyFile, cert, key: await readFile(keyFile, "utf8"), fingerprint };
}
