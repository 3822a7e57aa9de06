/** Keeps an unfinished create form over navigation and reload, in this tab only and without its secrets. */
import { emptyDraft, type VmDraft } from "./draft.ts";

const keyOf = (project: string) => `kubev.vm-draft.${project}`;

/** What is kept: passwords and raw user data, which may hold some, are not. */
function withoutSecrets(draft: VmDraft): VmDraft {
  return { ...draft, password: "", userData: "" };
}

export function loadDraft(project: string, storage: Pick<Storage, "getItem">): VmDraft | null {
  try {
    const text = storage.getItem(keyOf(project));
    if (text === null) return null;
    const kept: unknown = JSON.parse(text);
    return typeof kept === "object" ? { ...emptyDraft, ...(kept as Partial<VmDraft>) } : null; // as: written by keepDraft of this tab
  } catch {
    return null;
  }
}

export function keepDraft(project: string, draft: VmDraft, storage: Pick<Storage, "setItem">): void {
  try {
    storage.setItem(keyOf(project), JSON.stringify(withoutSecrets(draft)));
  } catch {
    // Full or forbidden: the form still works, it only will not survive a reload.
  }
}

export function discardDraft(project: string, storage: Pick<Storage, "removeItem">): void {
  storage.removeItem(keyOf(project));
}
