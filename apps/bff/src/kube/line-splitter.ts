/** Cuts a watch stream into lines; a line may arrive in any number of pieces. */

const newline = 0x0a;

export async function* lines(body: AsyncIterable<unknown>): AsyncGenerator<string> {
  let pending: Buffer[] = [];
  for await (const part of body) {
    const chunk = part as Buffer; // undici bodies yield buffers
    let from = 0;
    for (;;) {
      const end = chunk.indexOf(newline, from);
      if (end < 0) break;
      const piece = chunk.subarray(from, end);
      const line = pending.length === 0 ? piece : Buffer.concat([...pending, piece]);
      pending = [];
      from = end + 1;
      if (line.length > 0) yield line.toString("utf8");
    }
    if (from < chunk.length) pending.push(chunk.subarray(from));
  }
}
