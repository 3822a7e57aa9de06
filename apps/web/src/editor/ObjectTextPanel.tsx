/** An object's YAML: edit, let the cluster check it, see what changes, save; a concurrent edit is merged, never overwritten. */
import type { CurrentText } from "@kubev/api-types/errors";
import type { YamlCheck, YamlReply, YamlWrite } from "@kubev/api-types/object-yaml";
import { useMutation, useQuery, useQueryClient, type UseQueryOptions } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useSingleMutation } from "../api/single-mutation.ts";
import { toast } from "../ui/toast.ts";
import { LoadFailed } from "../components/LoadFailed.tsx";
import { mayHoldSecrets, useKeptDraft } from "../forms/kept-draft.ts";
import { problemLines } from "./yaml-problem.ts";
import { formatPlural } from "../format/numbers.ts";
import { errorText } from "../reasons/error-text.ts";
import { Button } from "../ui/Button.tsx";
import { CopyButton } from "../ui/CopyButton.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { SkeletonLines } from "../ui/Progress.tsx";
import { Notice } from "../ui/States.tsx";
import { DraftNotice } from "./DraftNotice.tsx";
import {
  currentOf,
  type Draft,
  isConflict,
  mergeDraft,
  sortProblems,
  undecidedPlaces,
  undecidedRefusal,
} from "./yaml-draft.ts";

const YamlEditor = lazy(() => import("./YamlEditor.tsx"));
const YamlDiff = lazy(() => import("./YamlDiff.tsx"));

const now = () => new Date().toISOString();

interface ObjectTextPanelProps {
  /** Within a sentence, e.g. "machine". */
  what: string;
  text: UseQueryOptions<YamlReply>;
  check: (body: YamlWrite) => Promise<YamlCheck>;
  save: (body: YamlWrite) => Promise<YamlReply>;
  onSaved: () => Promise<void>;
  /** Why this person may not save; undefined when he may. */
  editRefused: string | undefined;
}

export function ObjectTextPanel(props: ObjectTextPanelProps) {
  const { what, editRefused } = props;
  const cache = useQueryClient();
  const current = useQuery({ ...props.text, staleTime: 0 });
  const { draft, setDraft } = useKeptDraft<Draft | null>(JSON.stringify(props.text.queryKey), null, {
    worthKeeping: (own) => (own === null || mayHoldSecrets(own.text) ? null : own),
    revive: (kept) => kept && { ...kept, reopened: true },
  });
  const [reviewing, setReviewing] = useState(false);
  const [merged, setMerged] = useState(false);
  const check = useMutation({
    mutationFn: (yaml: string) => props.check({ yaml, resourceVersion: draft?.resourceVersion ?? "" }),
  });
  const save = useSingleMutation({
    mutationFn: (next: Draft) => props.save({ yaml: next.text, resourceVersion: next.resourceVersion }),
    onSuccess: async (reply) => {
      cache.setQueryData(props.text.queryKey, reply);
      setDraft(null);
      setReviewing(false);
      setMerged(false);
      check.reset();
      toast.success(`The ${what} was saved.`);
      await props.onSaved();
    },
    onError: () => setReviewing(false),
  });
  const merge = useMutation({
    mutationFn: async (known: CurrentText | undefined) =>
      known ?? (await cache.fetchQuery({ ...props.text, staleTime: 0 })),
    onSuccess: (stored) => {
      // What was typed while the text was loading counts too.
      setDraft((own) => (own === null ? null : mergeDraft(own, stored)));
      setMerged(true);
      save.reset();
      check.reset();
    },
  });

  if (current.data === undefined)
    return current.error ? (
      <LoadFailed
        error={current.error}
        what="The YAML could not be loaded."
        onRetry={() => void current.refetch()}
      />
    ) : (
      <div className="px-5 py-5">
        <SkeletonLines label="Loading the YAML" lines={10} />
      </div>
    );

  const saved = current.data;
  const shown: Draft = draft ?? {
    base: saved.yaml,
    resourceVersion: saved.resourceVersion,
    text: saved.yaml,
  };
  const changed = shown.text !== shown.base;
  const undecided = undecidedPlaces(shown.text);
  const sorted = sortProblems(check.data);
  const { outdated } = sorted;
  const problems = problemLines(sorted.problems);
  const conflict = isConflict(save.error);
  const edit = (text: string) => {
    if (text === shown.text) return;
    // typed back, it follows the cluster again
    setDraft(text === shown.base ? null : { ...shown, begunAt: shown.begunAt ?? now(), text });
    if (check.data || check.error) check.reset();
  };
  const review = () => {
    save.reset();
    merge.reset();
    check.mutate(shown.text, { onSuccess: (reply) => setReviewing(reply.ok) });
  };
  const discard = () => {
    setDraft(null);
    setMerged(false);
    check.reset();
    save.reset();
    merge.reset();
    void current.refetch();
  };
  const failure = merge.error ?? check.error ?? (conflict ? null : save.error);

  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="flex flex-wrap items-center gap-2 px-3 py-2 md:px-5">
        <Button
          tone="primary"
          busy={check.isPending || save.isPending}
          onClick={review}
          disabledReason={editRefused ?? (changed ? undecidedRefusal(undecided) : "Nothing was changed.")}
        >
          Check and review
        </Button>
        <Button onClick={discard} disabledReason={changed ? undefined : "Nothing was changed."}>
          Discard changes
        </Button>
        <CopyButton text={shown.text} label="Copy" />
        {saved.masked.length > 0 ? (
          <span className="text-xs text-tertiary">
            {formatPlural(
              saved.masked.length,
              "secret value is hidden; it is kept as it is.",
              "secret values are hidden; they are kept as they are.",
            )}
          </span>
        ) : null}
      </div>
      <div className="flex flex-col gap-2 px-3 pb-2 empty:hidden md:px-5">
        {draft?.reopened === true && !conflict && !outdated && !merged ? (
          <DraftNotice
            what={what}
            begunAt={draft.begunAt}
            base={draft.base}
            stored={saved.yaml}
            busy={merge.isPending}
            onMerge={() => merge.mutate(undefined)}
            onDiscard={discard}
          />
        ) : null}
        {conflict || outdated ? (
          <Notice
            tone="attention"
            action={
              <Button size="sm" busy={merge.isPending} onClick={() => merge.mutate(currentOf(save.error))}>
                Merge
              </Button>
            }
          >
            Somebody else changed this {what} while you were editing. Merge brings both changes together;
            nothing is saved before you have looked at it.
          </Notice>
        ) : null}
        {merged ? (
          <Notice tone={undecided.length === 0 ? "ok" : "attention"}>
            {undecided.length === 0
              ? "Both changes were merged. Review them, then save."
              : "Both of you changed the same lines. Each such place is marked; decide there, then remove the markers."}
          </Notice>
        ) : null}
        {failure ? <Failure error={failure} /> : null}
        {undecided.map(({ line, message }) => (
          <Notice key={line} tone="error">
            {`Line ${line}: ${message}`}
          </Notice>
        ))}
        {problems.map((problem) => (
          <Notice key={`${problem.path}-${problem.text}`} tone="error">
            {problem.path === "" ? "" : <span className="font-mono text-xs">{problem.path} </span>}
            {problem.text}
          </Notice>
        ))}
      </div>
      <div className="min-h-64 flex-1 border-t border-stroke">
        <Suspense fallback={null}>
          <YamlEditor
            text={shown.text}
            onChange={edit}
            problems={[...undecided, ...problems.map(({ line, text }) => ({ line, message: text }))]}
          />
        </Suspense>
      </div>
      <Dialog
        open={reviewing}
        onClose={() => setReviewing(false)}
        title="Save these changes"
        width="lg"
        footer={
          <>
            <Button onClick={() => setReviewing(false)}>Go on editing</Button>
            <Button
              tone="primary"
              busy={save.isPending}
              disabledReason={undecidedRefusal(undecided)}
              onClick={() => save.mutate(shown)}
            >
              Save changes
            </Button>
          </>
        }
      >
        <div className="flex flex-col gap-3">
          {check.data?.warnings.map((warning) => (
            <Notice key={warning} tone="attention">
              {warning}
            </Notice>
          ))}
          <Suspense fallback={null}>
            <YamlDiff before={shown.base} after={shown.text} />
          </Suspense>
        </div>
      </Dialog>
    </div>
  );
}

function Failure({ error }: { error: Error }) {
  const text = errorText(error);
  return (
    <Notice tone="error">
      {text.title}{" "}
      {text.upstreamText === undefined ? null : (
        <span className="font-mono text-xs">{text.upstreamText}</span>
      )}
    </Notice>
  );
}
