/** The create form's state: the draft, kept in this tab, and the preview that the server gives of it. */
import { useQuery } from "@tanstack/react-query";
import { keepPreviousData } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { call } from "../../api/client.ts";
import { useUrlSearch } from "../../components/use-place.ts";
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

const settleMs = 450;

/** What the server says about the draft, half a second after the last key. */
export function useVmPreview(project: string, draft: VmDraft) {
  const [settled, setSettled] = useState(draft);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(draft), settleMs);
    return () => clearTimeout(timer);
  }, [draft]);
  const ready = draftErrors(settled).length === 0;
  const body = specOf(settled);
  const query = useQuery({
    queryKey: ["previewVm", project, body],
    queryFn: ({ signal }) => call("previewVm", { params: { project }, body }, { signal }),
    enabled: ready,
    placeholderData: keepPreviousData,
    retry: false,
    gcTime: 0,
  });
  return { query, ready, current: settled === draft && !query.isFetching };
}
