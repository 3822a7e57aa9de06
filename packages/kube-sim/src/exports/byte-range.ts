/** Which bytes a request asks for. Source: parseRange and serveContent of Go's net/http. */

export interface ByteRange {
  start: number;
  length: number;
}

/** Why a range is refused, in Go's words; `overlaps` is false where the content's length shall be told. */
export class RangeRefused extends Error {
  readonly tellsSize: boolean;
  constructor(message: string, tellsSize: boolean) {
    super(message);
    this.tellsSize = tellsSize;
  }
}

/** The one range asked for; undefined for all bytes, which answers several ranges too. Throws RangeRefused. */
export function byteRange(header: string | undefined, sizeBytes: number): ByteRange | undefined {
  if (header === undefined || header === "") return undefined;
  const invalid = new RangeRefused("invalid range", false);
  if (!header.startsWith("bytes=")) throw invalid;
  const parts = header
    .slice("bytes=".length)
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
  const ranges: ByteRange[] = [];
  for (const part of parts) {
    const match = /^\s*(\d*)\s*-\s*(\d*)\s*$/.exec(part);
    if (match === null || (match[1] === "" && match[2] === "")) throw invalid;
    const [, first = "", last = ""] = match;
    if (first === "") {
      const length = Math.min(Number(last), sizeBytes);
      ranges.push({ start: sizeBytes - length, length });
      continue;
    }
    const start = Number(first);
    if (last !== "" && Number(last) < start) throw invalid;
    if (start >= sizeBytes) continue;
    const end = last === "" ? sizeBytes - 1 : Math.min(Number(last), sizeBytes - 1);
    ranges.push({ start, length: end - start + 1 });
  }
  if (ranges.length === 0 && parts.length > 0)
    throw new RangeRefused("invalid range: failed to overlap", true);
  return ranges.length === 1 ? ranges[0] : undefined;
}
