/** A list read as the caller in pages, each thinned out before the next one, so that a large project costs no memory. */
import type { Caller } from "../identity/callers.ts";
import type { KubeRequest } from "../kube/kube-client.ts";
import type { KubePath } from "../kube/kube-path.ts";

export interface PagedRead<Raw, Kept> {
  /** Objects that are looked at. */
  atMost: number;
  pageSize: number;
  /** Where not whole objects are wanted. */
  accept?: string;
  signal: AbortSignal;
  /** How long each page may take, where that is not as long as anything. */
  request?: Pick<KubeRequest, "timeoutMs" | "aside">;
  keep: (raw: Raw) => readonly Kept[];
}

/**
 * `cut`: there were more objects than `atMost`.
 * @throws KubeError, KubeUnreachableError
 */
export async function readPages<Raw, Kept>(
  caller: Caller,
  path: KubePath,
  { atMost, pageSize, accept, signal, keep, request }: PagedRead<Raw, Kept>,
): Promise<{ kept: Kept[]; cut: boolean }> {
  const kept: Kept[] = [];
  let next = "";
  for (let seen = 0; seen < atMost; seen += pageSize) {
    const page = await caller.client.json<{ items?: Raw[]; metadata?: { continue?: string } }>(path, {
      query: { limit: Math.min(pageSize, atMost - seen), ...(next === "" ? {} : { continue: next }) },
      ...(accept === undefined ? {} : { accept }),
      ...request,
      signal,
    });
    for (const item of page.items ?? []) kept.push(...keep(item));
    next = page.metadata?.continue ?? "";
    if (next === "") return { kept, cut: false };
  }
  return { kept, cut: true };
}
