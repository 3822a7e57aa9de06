/** What is typed and not stored yet, kept in this tab over navigation and reload until it is stored or given up; never its secrets. */
import { useEffect, useEffectEvent, useState } from "react";

const prefix = "kubev.draft/";

/** What was kept under `key`; null when there is nothing that can be read. */
export function keptDraft(key: string, storage: Pick<Storage, "getItem">): unknown {
  try {
    return JSON.parse(storage.getItem(prefix + key) ?? "null") as unknown;
  } catch {
    return null;
  }
}

/** Keeps `draft`; null is nothing to keep. */
export function keepDraft(
  key: string,
  draft: unknown,
  storage: Pick<Storage, "setItem" | "removeItem">,
): void {
  try {
    if (draft === null) storage.removeItem(prefix + key);
    else storage.setItem(prefix + key, JSON.stringify(draft));
  } catch {
    // Full or forbidden: the form still works, it only will not survive a reload.
  }
}

interface KeptDraftOptions<Draft> {
  /** What may be kept of it: without passwords and the like; null for nothing worth keeping. */
  worthKeeping?: (draft: Draft) => Draft | null;
  /** What a kept draft becomes when the form is opened again. */
  revive?: (kept: Draft) => Draft;
}

/**
 * State like `useState`, begun from what was kept under `key`, else from `initial`. Kept from the first change on.
 * `discard` forgets it and begins anew: call it when it is stored or given up; `forget` leaves what is on screen.
 * Another key is another draft.
 */
export function useKeptDraft<Draft>(key: string, initial: Draft, options: KeptDraftOptions<Draft> = {}) {
  const { worthKeeping = (draft: Draft): Draft | null => draft, revive = (kept: Draft) => kept } = options;
  const begin = () => {
    const kept = keptDraft(key, sessionStorage) as Draft | null; // as: written below, in this tab
    return { key, begun: initial, draft: kept === null ? initial : revive(kept) };
  };
  const [state, setState] = useState(begin);
  const shown = state.key === key ? state : begin();
  if (shown !== state) setState(shown);
  const { begun, draft } = shown;
  const changed = draft !== begun;
  const whatIsKept = useEffectEvent(worthKeeping);
  useEffect(() => {
    keepDraft(key, changed ? whatIsKept(draft) : null, sessionStorage);
  }, [key, draft, changed]);
  const setDraft = (next: Draft | ((before: Draft) => Draft)) =>
    setState((before) => ({
      ...before,
      // as: a draft is plain data, never a function
      draft: typeof next === "function" ? (next as (before: Draft) => Draft)(before.draft) : next,
    }));
  const forget = () => keepDraft(key, null, sessionStorage);
  const discard = () => {
    forget();
    setState({ key, begun: initial, draft: initial });
  };
  return { draft, setDraft, changed, discard, forget };
}

const secretWords =
  /\bkind:\s*["']?Secret\b|\bstringData\b|\b(user|network)Data|passw(or)?d|\btoken\b|private.?key|accessCredentials/i;
/** As the server writes a value that it does not show. */
const masked = /^.*•••.*$/gm;

/** Whether an object's text may hold what must not be kept; what the server hid is no secret. */
export function mayHoldSecrets(yaml: string): boolean {
  return secretWords.test(yaml.replace(masked, ""));
}

/** An address without the name and password in it. */
export function withoutCredentials(url: string): string {
  return url.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/@]*@/i, "$1");
}
