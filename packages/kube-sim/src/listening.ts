/** Servers that begin and end: a port that cannot be had is an error of the start, an end waits for no client. */
import type { AddressInfo, Server } from "node:net";

/** Resolves with the port, which is the system's choice where 0 is asked for. */
export async function listenOn(server: Server, port: number, host: string): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
  return (server.address() as AddressInfo).port; // listening on TCP
}

/** Takes no more connections and cuts those there are; settles when all are gone and `meanwhile` has ended. */
export async function closeServer(
  server: Server & { closeAllConnections(): void },
  meanwhile: () => void | Promise<void> = () => {},
): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  await meanwhile();
  await closed;
}
