/** The create form's state: the draft, kept in this tab, and the preview that the server gives of it. */
import { useEffect, useState } from "react";
import { call } from "../../api/client.ts";
import { useUrlSearch } from "../../components/use-place.ts";
import { useChecked } from "../use-checked.ts";
import { draftErrors, emptyDraft, specOf, type VmDraft } from "./draft.ts";
import { discardDraft, keepDraft, loadDraft } from "./draft-store.ts";

export type ChangeDraft = (change: Partial<VmDraft>) => void;

/** The draft of `project`, begun from what was kept or from what the URL names (`?source=image&image=p/n`). */
export function useVmDraft(project: string) {
  const search = useUrlSearch();
  const [draft, setDraft] = useState<VmDraft>(() => {
    const begun = loadDraft(project, sessionStorage) ?? emptyDraft;
    const named = search["image"];
    if (named === undefined) return begun;
    return search["source"] === "iso"
      ? { ...begun, source: "iso", iso: named }
      : { ...begun, source: "image", image: named };
  });
  useEffect(() => keepDraft(project, draft, sessionStorage), [project, draft]);
  const change: ChangeDraft = (part) => setDraft((before) => ({ ...before, ...part }));
  const discard = () => {
    discardDraft(project, sessionStorage);
    setDraft(emptyDraft);
  };
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
