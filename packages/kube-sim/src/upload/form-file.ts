/** The part named `file` of a form that is being sent, as a stream: nothing of it is kept. Source: RFC 7578, RFC 2046 5.1. */
import { Transform } from "node:stream";

/** The longest head of a part. */
const mostHeadBytes = 16 * 1024;

/** The boundary that the content type names; undefined for what is no form. */
export function formBoundary(contentType: string | undefined): string | undefined {
  if (!/^multipart\/form-data\s*;/i.test(contentType ?? "")) return undefined;
  const match = /;\s*boundary=(?:"([^"]{1,200})"|([^\s;]{1,200}))/i.exec(contentType ?? "");
  return match?.[1] ?? match?.[2];
}

/** Takes the whole body of a form and passes on its file's bytes; fails where there is none, or where it is cut off. */
export function formFile(boundary: string): Transform {
  const delimiter = Buffer.from(`\r\n--${boundary}`);
  let state: "between" | "head" | "file" | "other" | "done" = "between";
  // a body may begin with its first boundary
  let pending: Buffer = Buffer.from("\r\n");
  let found = false;
  const step = (push: (bytes: Buffer) => void): boolean => {
    if (state === "done") {
      pending = Buffer.alloc(0);
      return false;
    }
    if (state === "head") {
      const end = pending.indexOf("\r\n\r\n");
      if (pending.subarray(0, 2).toString() === "--") {
        state = "done";
        return true;
      }
      if (end < 0) {
        if (pending.length > mostHeadBytes) throw new Error("multipart: part headers too large");
        return false;
      }
      const isFile = /;\s*name="?file"?\s*(;|\r|$)/i.test(
        /content-disposition:[^\r]*/i.exec(pending.subarray(0, end).toString("latin1"))?.[0] ?? "",
      );
      state = isFile && !found ? "file" : "other";
      found ||= isFile;
      // an empty part's delimiter begins with the line that ends its head
      pending = pending.subarray(end + 2);
      return true;
    }
    const at = pending.indexOf(delimiter);
    const sure = at < 0 ? Math.max(0, pending.length - delimiter.length) : at;
    emit(push, pending.subarray(0, sure));
    pending = pending.subarray(at < 0 ? sure : at + delimiter.length);
    if (at < 0) return false;
    state = "head";
    return true;
  };
  let skip = 0;
  const emit = (push: (bytes: Buffer) => void, bytes: Buffer) => {
    if (state !== "file") {
      skip = 0;
      return;
    }
    // the line that ends the head is no part of the file
    const from = Math.min(bytes.length, Math.max(0, 2 - skip));
    skip += bytes.length;
    if (bytes.length > from) push(bytes.subarray(from));
  };
  return new Transform({
    transform(chunk: Buffer, _encoding, callback) {
      pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
      try {
        while (step((bytes) => this.push(bytes)));
        callback();
      } catch (error) {
        callback(error instanceof Error ? error : new Error(String(error)));
      }
    },
    flush(callback) {
      if (!found) callback(new Error("multipart: NextPart: EOF"));
      else callback(state === "done" ? null : new Error("unexpected EOF"));
    },
  });
}
