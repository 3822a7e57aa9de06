/** The create form's state: the draft, kept in this tab, and the preview that the server gives of it. */
import { call } from "../../api/client.ts";
import { useUrlSearch } from "../../components/use-place.ts";
import { useChecked } from "../use-checked.ts";
import { useKeptDraft, withoutCredentials } from "../kept-draft.ts";
import { draftErrors, emptyDraft, specOf, type VmDraft } from "./draft.ts";

export type ChangeDraft = (change: Partial<VmDraft>) => void;

/** What is kept: passwords and raw user data, which may hold some, are not. */
export function worthKeeping(draft: VmDraft): VmDraft {
  return { ...draft, password: "", userData: "", url: withoutCredentials(draft.url) };
}

/** The draft of `project`, begun from what was kept or from what the URL names (`?source=image&image=p/n`). */
export function useVmDraft(project: string) {
  const search = useUrlSearch();
  const named = search["image"];
  const asNamed = (draft: VmDraft): VmDraft => {
    if (named === undefined) return draft;
    return search["source"] === "iso"
      ? { ...draft, source: "iso", iso: named }
      : { ...draft, source: "image", image: named };
  };
  const { draft, setDraft, discard } = useKeptDraft(`machine/${project}`, asNamed(emptyDraft), {
    worthKeeping,
    revive: (kept) => asNamed({ ...emptyDraft, ...kept }),
  });
  const change: ChangeDraft = (part) => setDraft((before) => ({ ...before, ...part }));
  return { draft, change, discard };
}

/** What the server says about the draft. */
export function useVmPreview(project: string, draft: VmDraft) {
  return useChecked({
    key: ["previewVm", project],
    asked: draft,
    ask: async (asked, signal) => call("previewVm", { params: { project }, body: specOf(asked) }, { signal }),
    isReady: (asked) => draftErrors(asked).length === 0,
  });
}
