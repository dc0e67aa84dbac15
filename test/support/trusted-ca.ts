import { getCACertificates, setDefaultCACertificates } from "node:tls";

/** Makes every client in this process believe these certificates, until the returned function is called. */
export function trustCertificates(...certificates: readonly string[]): () => void {
  const before = getCACertificates("default");
  setDefaultCACertificates([...before, ...certificates]);
  return () => setDefaultCACertificates(before);
}
