import { once } from "node:events";
import { createServer } from "node:net";

/** A port of the loopback address that nobody listens on at the moment. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") {
    throw new Error("the listener has no port");
  }
  return address.port;
}

/** The first of so many ports of the loopback address, one after the other, that nobody listens on at the moment; `wish` if that is one. */
export async function freePorts(count: number, wish = somePort()): Promise<number> {
  for (let from = wish; ; from = somePort()) {
    const areFree = await Promise.all(
      Array.from({ length: count }, (_, index) => isFree(from + index)),
    );
    if (!areFree.includes(false)) {
      return from;
    }
  }
}

/** Below those that the system gives to connections, which come and go. */
function somePort(): number {
  return 20_000 + Math.floor(Math.random() * 10_000);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}
