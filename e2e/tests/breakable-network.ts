/** The way between one browser and the console, which a test can hold up and cut. */
import { createServer, request } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";

export interface BreakableNetwork {
  /** For a browser context of its own. */
  proxy: { server: string };
  /** Every connection breaks, and none is taken until `mend`. */
  cut(): void;
  mend(): void;
  /** Of a body longer than that, the rest waits. */
  holdBodiesAfter(bytes: number): void;
  close(): Promise<void>;
}

export async function startBreakableNetwork(): Promise<BreakableNetwork> {
  const sockets = new Set<Socket>();
  let isCut = false;
  let longestBody = Number.POSITIVE_INFINITY;
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => socket.destroy()).on("close", () => sockets.delete(socket));
    if (isCut) socket.destroy();
  };
  // a browser sends whole URLs to a proxy, and asks for a tunnel for WebSockets
  const server = createServer((asked, answer) => {
    const onward = request(asked.url ?? "", { method: asked.method ?? "GET", headers: asked.headers });
    onward.on("socket", (socket) => {
      if (!sockets.has(socket)) keep(socket);
    });
    onward.on("response", (answered) => {
      answer.writeHead(answered.statusCode ?? 502, answered.rawHeaders);
      answered.pipe(answer);
      answered.on("error", () => answer.destroy());
    });
    onward.on("error", () => answer.destroy());
    answer.on("close", () => onward.destroy());
    let passed = 0;
    asked.on("data", (chunk: Buffer) => {
      passed += chunk.length;
      const isTaken = onward.write(chunk);
      if (!isTaken || passed > longestBody) asked.pause();
    });
    onward.on("drain", () => {
      if (passed <= longestBody) asked.resume();
    });
    asked.on("end", () => onward.end());
    asked.on("error", () => onward.destroy());
  });
  server.on("connection", keep);
  server.on("connect", ({ url = "" }, browser: Socket, head: Buffer) => {
    const { hostname, port } = new URL(`http://${url}`);
    const console = connect(Number(port), hostname, () => {
      browser.write("HTTP/1.1 200 OK\r\n\r\n");
      console.write(head);
      browser.pipe(console).pipe(browser);
    });
    keep(console);
    browser.on("close", () => console.destroy());
    console.on("close", () => browser.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo; // as: it listens on TCP
  const breakAll = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    proxy: { server: `http://127.0.0.1:${port}` },
    cut: () => {
      isCut = true;
      breakAll();
    },
    mend: () => {
      isCut = false;
      longestBody = Number.POSITIVE_INFINITY;
    },
    holdBodiesAfter: (bytes) => {
      longestBody = bytes;
    },
    close: async () => {
      breakAll();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
