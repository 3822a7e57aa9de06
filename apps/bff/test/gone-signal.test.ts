/** Who leaves before his request is looked at has left all the same. */
import { once } from "node:events";
import { createServer, get } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { goneSignal } from "../src/http/gone-signal.ts";

test.each(["before anybody looked", "meanwhile"])("a browser that leaves %s is heard", async (when) => {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const server = createServer((_request, response) => {
    if (when === "meanwhile") {
      const { signal } = goneSignal(response);
      signal.addEventListener("abort", () => resolve(signal.aborted));
    } else response.once("close", () => setImmediate(() => resolve(goneSignal(response).signal.aborted)));
    asked.destroy();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const asked = get({ port: (server.address() as AddressInfo).port, host: "127.0.0.1" }); // of a TCP server
  asked.on("error", () => {});
  expect(await promise).toBe(true);
  server.close();
});

test("an answer that was given is nobody's leaving", async () => {
  const { promise, resolve } = Promise.withResolvers<AbortSignal>();
  const server = createServer((_request, response) => {
    const { signal, forget } = goneSignal(response);
    response.once("close", () => resolve(signal));
    forget();
    response.end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  get({ port: (server.address() as AddressInfo).port, host: "127.0.0.1" }, (answer) => answer.resume()); // of a TCP server
  expect((await promise).aborted).toBe(false);
  server.close();
});
