/** Frames of Kubernetes' remote command protocol: the first byte is the channel. */

export const shellChannels = { typed: 0, written: 1, errors: 2, end: 3, size: 4 } as const;

const encoder = new TextEncoder();

export function shellFrame(channel: number, payload: Uint8Array | string): Uint8Array<ArrayBuffer> {
  const bytes = typeof payload === "string" ? encoder.encode(payload) : payload;
  const frame = new Uint8Array(bytes.length + 1);
  frame[0] = channel;
  frame.set(bytes, 1);
  return frame;
}

export interface ShellEnd {
  /** Null where it ended otherwise than by its own exit. */
  exitCode: number | null;
  /** The cluster's words; '' for an exit. */
  message: string;
}

interface EndStatus {
  status?: unknown;
  message?: unknown;
  details?: { causes?: { reason?: unknown; message?: unknown }[] };
}

/** What the last channel says. */
export function shellEnd(text: string): ShellEnd {
  let said: EndStatus;
  try {
    said = JSON.parse(text) as EndStatus; // every field is checked before use
  } catch {
    return { exitCode: null, message: text };
  }
  if (said.status === "Success") return { exitCode: 0, message: "" };
  const causes = Array.isArray(said.details?.causes) ? said.details.causes : [];
  const code = Number(causes.find(({ reason }) => reason === "ExitCode")?.message ?? Number.NaN);
  return Number.isInteger(code)
    ? { exitCode: code, message: "" }
    : { exitCode: null, message: typeof said.message === "string" ? said.message : "" };
}
