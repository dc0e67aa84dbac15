import { createPrivateKey, X509Certificate } from "node:crypto";
import { type FSWatcher, watch } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { createSecureContext } from "node:tls";
import { ConfigError } from "../config/config-error.ts";
import type { TlsFiles } from "../config/network.ts";
import {
  CERTIFICATE_DOUBT_MILLISECONDS,
  CERTIFICATE_POLL_MILLISECONDS,
  CERTIFICATE_SETTLE_MILLISECONDS,
} from "../domain/limits.ts";
import { type KeyPair, TLS_VERSION_MIN } from "../http/tls.ts";

/*
 * The certificate and its key lie in two files, which somebody replaces while the server runs: in place, by renaming, or, as Kubernetes does,
 * by turning a link to the folder that holds both. Between the first file and the second they do not fit.
 *
 *   a folder tells of a change, or it is time to look → both files are read, once they have been left alone for a moment
 *     the same as in use                       → nothing
 *     they fit                                 → in use from the next connection on; connections that are open keep theirs
 *     they do not fit, or cannot be read       → looked at again after a while; still the same: told once. What was in use stays
 */

/** What listeners and the log want to know. */
export interface CertificateWatch {
  onChange(pair: KeyPair, facts: CertificateFacts): void;
  onProblem(problem: ConfigError): void;
}

export type CertificateFacts = {
  readonly file: string;
  readonly fingerprint: string;
  readonly validUntil: string;
};

interface Doubt {
  readonly seen: string;
  readonly since: number;
  isTold: boolean;
}

/** The certificate in use, kept up with its files. */
export class Certificate {
  readonly #files: TlsFiles;
  readonly #watchers: FSWatcher[] = [];
  #pair: KeyPair;
  #doubt: Doubt | undefined;
  #next: NodeJS.Timeout | undefined;
  #poll: NodeJS.Timeout | undefined;

  private constructor(files: TlsFiles, pair: KeyPair) {
    this.#files = files;
    this.#pair = pair;
  }

  /** @throws ConfigError where a file cannot be read, or they do not fit */
  static async open(files: TlsFiles): Promise<Certificate> {
    const pair = await readPair(files);
    expectFit(files, pair);
    return new Certificate(files, pair);
  }

  get pair(): KeyPair {
    return this.#pair;
  }

  watch(watcher: CertificateWatch): void {
    const soon = () => this.#lookIn(CERTIFICATE_SETTLE_MILLISECONDS, watcher);
    const { certFile, keyFile } = this.#files;
    for (const folder of new Set([dirname(certFile), dirname(keyFile)])) {
      try {
        const changes = watch(folder, { persistent: false }, soon);
        changes.on("error", () => changes.close());
        this.#watchers.push(changes);
      } catch {
        // Where a folder cannot be watched, or no longer, polling goes on.
      }
    }
    this.#poll = setInterval(soon, CERTIFICATE_POLL_MILLISECONDS).unref();
  }

  close(): void {
    clearTimeout(this.#next);
    clearInterval(this.#poll);
    for (const watcher of this.#watchers) {
      watcher.close();
    }
  }

  #lookIn(milliseconds: number, watcher: CertificateWatch): void {
    clearTimeout(this.#next);
    this.#next = setTimeout(() => {
      this.#look(watcher).catch(() => {});
    }, milliseconds).unref();
  }

  async #look(watcher: CertificateWatch): Promise<void> {
    let pair: KeyPair | undefined;
    try {
      pair = await readPair(this.#files);
      if (pair.cert === this.#pair.cert && pair.key === this.#pair.key) {
        this.#doubt = undefined;
        return;
      }
      expectFit(this.#files, pair);
    } catch (problem) {
      this.#doubtAbout(problem, pair, watcher);
      return;
    }
    this.#doubt = undefined;
    this.#pair = pair;
    watcher.onChange(pair, factsOf(this.#files, pair));
  }

  /** What stays wrong in the same way is not just half written. */
  #doubtAbout(problem: unknown, pair: KeyPair | undefined, watcher: CertificateWatch): void {
    const seen = pair === undefined ? String(problem) : `${pair.cert}${pair.key}`;
    const now = performance.now();
    if (this.#doubt?.seen !== seen) {
      this.#doubt = { seen, since: now, isTold: false };
    }
    const left = this.#doubt.since + CERTIFICATE_DOUBT_MILLISECONDS - now;
    if (left > 0) {
      this.#lookIn(left, watcher);
    } else if (!this.#doubt.isTold && problem instanceof ConfigError) {
      this.#doubt.isTold = true;
      watcher.onProblem(problem);
    }
  }
}

async function readPair({ certFile, keyFile }: TlsFiles): Promise<KeyPair> {
  const [cert, key] = await Promise.all([
    readSetting("MOORAGE_TLS_CERT_FILE", certFile),
    readSetting("MOORAGE_TLS_KEY_FILE", keyFile),
  ]);
  return { cert, key };
}

async function readSetting(setting: string, file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    throw new ConfigError(`${setting}: cannot read ${JSON.stringify(file)}`, { cause });
  }
}

/** @throws ConfigError that says which file is wrong */
function expectFit({ certFile, keyFile }: TlsFiles, { cert, key }: KeyPair): void {
  const leaf = must(
    () => new X509Certificate(cert),
    `MOORAGE_TLS_CERT_FILE: ${JSON.stringify(certFile)} holds no certificate; expected PEM, the server's own first`,
  );
  const privateKey = must(
    () => createPrivateKey(key),
    `MOORAGE_TLS_KEY_FILE: ${JSON.stringify(keyFile)} holds no private key; expected PEM, without a passphrase`,
  );
  if (!leaf.checkPrivateKey(privateKey)) {
    throw new ConfigError(
      `MOORAGE_TLS_KEY_FILE: ${JSON.stringify(keyFile)} is not the key of the certificate in ${JSON.stringify(certFile)}`,
    );
  }
  must(
    () => createSecureContext({ cert, key, minVersion: TLS_VERSION_MIN }),
    `MOORAGE_TLS_CERT_FILE: the certificates in ${JSON.stringify(certFile)} cannot be used`,
  );
}

function must<T>(make: () => T, problem: string): T {
  try {
    return make();
  } catch (cause) {
    throw new ConfigError(problem, { cause });
  }
}

function factsOf({ certFile: file }: TlsFiles, { cert }: KeyPair): CertificateFacts {
  const { fingerprint256: fingerprint, validTo } = new X509Certificate(cert);
  return { file, fingerprint, validUntil: new Date(validTo).toISOString() };
}
