/** The words and labels of a project. */
import type { FieldConflict } from "@kubev/api-types/errors";
import type { ProjectRow } from "@kubev/api-types/projects";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "../../api/client.ts";
import { read } from "../../api/queries.ts";
import { fieldsOf, formErrors } from "../../components/form-errors.ts";
import { LoadFailed } from "../../components/LoadFailed.tsx";
import { disabledReason } from "../../components/reason-of.ts";
import { useGo, useNamed } from "../../components/use-place.ts";
import { useTitle } from "../../components/use-title.ts";
import { ConflictNotice, conflictsOf, withField } from "../../forms/ConflictNotice.tsx";
import { FormPage, FormSection } from "../../forms/form-parts.tsx";
import { useKeptDraft } from "../../forms/kept-draft.ts";
import { LabelsField } from "../../forms/LabelLines.tsx";
import { paths } from "../../paths.ts";
import { SkeletonLines } from "../../ui/Progress.tsx";
import { Notice } from "../../ui/States.tsx";
import { TextArea, TextField } from "../../ui/TextField.tsx";

export default function ProjectEditPage() {
  const { project } = useNamed();
  const { data, error, refetch } = useQuery(read("getProject", { params: { project } }));
  const [first, setFirst] = useState<ProjectRow | null>(null);
  // what was read first is what is edited; what changes meanwhile is a conflict to be told
  if (first === null && data !== undefined) setFirst(data);
  if (first !== null) return <Edit key={first.name} row={first} />;
  return error ? (
    <LoadFailed error={error} what="The project could not be loaded." onRetry={() => void refetch()} />
  ) : (
    <div className="p-5">
      <SkeletonLines label="Loading the project" />
    </div>
  );
}

interface Words {
  displayName: string;
  description: string;
  labels: Record<string, string>;
}

/** What is typed, and the words that it began from. */
interface Draft {
  was: Words;
  now: Words;
}

function draftOf({ name, displayName, description, labels }: ProjectRow): Draft {
  const was = { displayName: displayName === name ? "" : displayName, description, labels };
  return { was, now: was };
}

const fieldWords: Record<string, string> = {
  displayName: "Display name",
  description: "Description",
  labels: "Labels",
};
const labelOf = (path: string) =>
  path.startsWith("labels.") ? `Label ${path.slice("labels.".length)}` : (fieldWords[path] ?? path);

function Edit({ row }: { row: ProjectRow }) {
  const title = `Edit ${row.name}`;
  useTitle(title);
  const go = useGo();
  const cache = useQueryClient();
  const begun = draftOf(row);
  const { draft, setDraft, discard } = useKeptDraft<Draft | null>(`project/${row.name}`, null);
  const { was, now } = draft ?? begun;
  const edit = (next: (before: Draft) => Draft) => setDraft((before) => next(before ?? begun));
  const change = (part: Partial<Words>) => edit((before) => ({ ...before, now: { ...before.now, ...part } }));
  const save = useMutation({
    mutationFn: async () =>
      call("editProject", {
        params: { project: row.name },
        body: { ...now, was },
      }),
    onSuccess: async () => {
      await cache.invalidateQueries({ queryKey: ["getProject"] });
      await cache.invalidateQueries({ queryKey: ["listProjects"] });
      discard();
      go(paths.project(row.name));
    },
  });
  const errors = formErrors(fieldsOf(save.error));
  const conflicts = conflictsOf(save.error);
  /** Theirs counts as seen; with `take`, it is taken over too. */
  const decide = ({ path, theirs }: FieldConflict, take: boolean) => {
    save.reset();
    edit((before) => ({
      was: withField(before.was, path, theirs),
      now: take ? withField(before.now, path, theirs) : before.now,
    }));
  };
  const refused = disabledReason(row.actions.edit);
  return (
    <FormPage
      title={title}
      lead="Quota, limits and members have pages of their own."
      verb="Save changes"
      busy={save.isPending}
      disabledReason={refused}
      top={
        <>
          {refused === undefined ? null : <Notice tone="attention">{refused}</Notice>}
          <ConflictNotice
            conflicts={conflicts}
            labelOf={labelOf}
            onKeepYours={(conflict) => decide(conflict, false)}
            onTakeTheirs={(conflict) => decide(conflict, true)}
          />
        </>
      }
      onSubmit={() => save.mutate()}
      leave={paths.project(row.name)}
      onDiscard={draft === null ? undefined : discard}
      error={conflicts.length > 0 ? null : save.error}
      fields={errors.all}
      labelOf={labelOf}
      asideLabel="What to know"
      aside={
        <p className="p-4 text-secondary">
          Labels are what policies, subnets and searches choose projects by. Those of Kubernetes itself are
          not shown and stay.
        </p>
      }
    >
      <FormSection title="Project">
        <TextField
          label="Display name"
          optional
          value={now.displayName}
          onChange={(displayName) => change({ displayName })}
          maxLength={200}
          placeholder={row.name}
        />
        <TextArea
          label="Description"
          optional
          rows={3}
          value={now.description}
          onChange={(description) => change({ description })}
          maxLength={2000}
        />
      </FormSection>
      <FormSection title="Labels">
        <LabelsField
          labels={now.labels}
          onChange={(labels) => change({ labels })}
          error={errors.at("labels")}
        />
      </FormSection>
    </FormPage>
  );
}
