/** One request as bytes, for what no client would send. */
import { once } from "node:events";
import { connect } from "node:net";

export interface RawAnswer {
  /** 0 where the server hung up without a word. */
  status: number;
  text: string;
}

/** Sends `bytes` and reads until the server hangs up. @throws Error when it has not after ten seconds */
export async function sendRaw(url: string, bytes: string | Buffer): Promise<RawAnswer> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  const chunks: Buffer[] = [];
  let timedOut = false;
  socket.on("data", (chunk: Buffer) => chunks.push(chunk));
  socket.on("error", () => {}); // a reset is an answer, too
  socket.setTimeout(10_000, () => {
    timedOut = true;
    socket.destroy();
  });
  socket.write(bytes);
  await once(socket, "close");
  const text = Buffer.concat(chunks).toString("latin1");
  if (timedOut)
    throw new Error(`No end of the answer to ${JSON.stringify(String(bytes).slice(0, 400))}: ${text}`);
  return { status: Number(/^HTTP\/1\.[01] (\d{3})/.exec(text)?.[1] ?? 0), text };
}
