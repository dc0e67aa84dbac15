import { once } from "node:events";
import { connect } from "node:net";
import type { DistributionClient } from "./distribution-client.ts";
import { basic } from "./management.ts";

/**
 * Begins a request with a body of `announced` bytes, sends `sent` of them, and hangs up once the server has had time to begin with
 * them: it answers other requests meanwhile. It may still be reading when this resolves.
 */
export async function sendAndHangUp(
  client: DistributionClient,
  method: string,
  path: string,
  sent: Uint8Array,
  announced: number,
  start = 0,
): Promise<void> {
  const { url, credentials } = client.options;
  const { hostname, port, host } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.on("error", () => {});
  await once(socket, "connect");
  const head = [
    `${method} ${path} HTTP/1.1`,
    `Host: ${host}`,
    ...(credentials === undefined ? [] : [`Authorization: ${basic(credentials)}`]),
    "Content-Type: application/octet-stream",
    `Content-Length: ${announced}`,
    `Content-Range: ${start}-${start + announced - 1}`,
  ];
  socket.write(`${head.join("\r\n")}\r\n\r\n`);
  await new Promise<void>((resolve, reject) => {
    socket.write(sent, (error) => (error ? reject(error) : resolve()));
  });
  for (let round = 0; round < 3; round++) {
    await client.send("GET", path);
  }
  const closed = once(socket, "close");
  socket.end();
  socket.resume();
  await closed;
}
