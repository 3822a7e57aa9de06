/** Faults of an answer on its way: it arrives in small pieces, also within a line or a character, breaks off, or stops. */
import type { ServerResponse } from "node:http";

const bytesOf = (chunk: unknown): Buffer => {
  if (typeof chunk === "string") return Buffer.from(chunk);
  return Buffer.isBuffer(chunk) ? chunk : Buffer.alloc(0);
};

/** The connection ends once so many bytes of what is written have gone out; a stream's as well as one body's. */
export function cutAnswer(response: ServerResponse, afterBytes: number): void {
  const write = response.write.bind(response);
  let left = afterBytes;
  const take = (chunk: unknown, isLast: boolean): void => {
    const bytes = bytesOf(chunk);
    const rest = bytes.subarray(0, left);
    left -= rest.length;
    const isOver = isLast || rest.length < bytes.length || left === 0;
    write(rest, () => {
      if (isOver) response.destroy();
    });
  };
  Object.assign(response, {
    write: (chunk: unknown) => {
      if (left > 0) take(chunk, false);
      else response.destroy();
      return true;
    },
    end: (chunk?: unknown) => {
      take(chunk, true);
      return response;
    },
  });
}

/** After so many lines of what is written, or at its end where it has fewer, `text` goes out and the answer is over. */
export function interruptAnswer(response: ServerResponse, afterLines: number, text: string): void {
  const write = response.write.bind(response);
  const end = response.end.bind(response);
  let left = afterLines;
  let over = false;
  const finish = (): void => {
    over = true;
    end(text);
  };
  const take = (chunk: unknown): void => {
    const bytes = bytesOf(chunk);
    let at = 0;
    while (left > 0 && at < bytes.length) {
      const newline = bytes.indexOf(0x0a, at);
      at = newline < 0 ? bytes.length : newline + 1;
      if (newline >= 0) left -= 1;
    }
    if (at > 0) write(bytes.subarray(0, at));
    if (left === 0) finish();
  };
  Object.assign(response, {
    write: (chunk: unknown) => {
      if (!over) take(chunk);
      return true;
    },
    end: (chunk?: unknown) => {
      if (!over) take(chunk);
      if (!over) finish();
      return response;
    },
  });
}

/** Nothing that is written from now on goes out, and the connection stays. */
export function freezeAnswer(response: ServerResponse): void {
  Object.assign(response, { write: () => true, end: () => response });
}

/** From now on everything that is written to `response` goes out `pieceBytes` at a time, each in a turn of its own. */
export function splitAnswer(response: ServerResponse, pieceBytes: number): void {
  const pieces: Buffer[] = [];
  const write = response.write.bind(response);
  const end = response.end.bind(response);
  let pumping = false;
  let ended = false;
  const pump = (): void => {
    const piece = pieces.shift();
    if (piece !== undefined && !response.destroyed) {
      write(piece);
      setImmediate(pump);
      return;
    }
    pumping = false;
    if (ended) end();
  };
  const take = (chunk: unknown): void => {
    const bytes = bytesOf(chunk);
    for (let at = 0; at < bytes.length; at += pieceBytes) pieces.push(bytes.subarray(at, at + pieceBytes));
  };
  const start = (): void => {
    if (pumping) return;
    pumping = true;
    pump();
  };
  Object.assign(response, {
    write: (chunk: unknown) => {
      take(chunk);
      start();
      return true;
    },
    end: (chunk?: unknown) => {
      take(chunk);
      ended = true;
      start();
      return response;
    },
  });
}
