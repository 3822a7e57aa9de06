/** Tells an operation that nobody waits for its answer any more. */
import type { ServerResponse } from "node:http";

/** `forget` once the answer is on its way: its end is no abort. */
export function goneSignal(response: ServerResponse): { signal: AbortSignal; forget: () => void } {
  const gone = new AbortController();
  const onClose = () => gone.abort();
  response.once("close", onClose);
  // whoever left while it was looked up who he is has closed it already, and that is not told twice
  if (response.destroyed) gone.abort();
  return { signal: gone.signal, forget: () => response.off("close", onClose) };
}
