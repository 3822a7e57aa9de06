/** The words and labels of a project. */
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
import { FormPage, FormSection } from "../../forms/form-parts.tsx";
import { useKeptDraft } from "../../forms/kept-draft.ts";
import { type LabelLine, LabelLines, labelLines, labelsOf } from "../../forms/LabelLines.tsx";
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

/** What is typed, and the words that it began from. */
interface Draft {
  was: { displayName: string; description: string; labels: Record<string, string> };
  displayName: string;
  description: string;
  lines: LabelLine[];
}

function draftOf({ name, displayName, description, labels }: ProjectRow): Draft {
  const was = { displayName: displayName === name ? "" : displayName, description, labels };
  return { was, displayName: was.displayName, description, lines: labelLines(labels) };
}

function Edit({ row }: { row: ProjectRow }) {
  const title = `Edit ${row.name}`;
  useTitle(title);
  const go = useGo();
  const cache = useQueryClient();
  const begun = draftOf(row);
  const { draft, setDraft, discard } = useKeptDraft<Draft | null>(`project/${row.name}`, null);
  const { was, displayName, description, lines } = draft ?? begun;
  const change = (part: Partial<Draft>) => setDraft((before) => ({ ...(before ?? begun), ...part }));
  const save = useMutation({
    mutationFn: async () =>
      call("editProject", {
        params: { project: row.name },
        body: { displayName, description, labels: labelsOf(lines, was.labels), was },
      }),
    onSuccess: async () => {
      await cache.invalidateQueries({ queryKey: ["getProject"] });
      await cache.invalidateQueries({ queryKey: ["listProjects"] });
      discard();
      go(paths.project(row.name));
    },
  });
  const errors = formErrors(fieldsOf(save.error));
  const refused = disabledReason(row.actions.edit);
  return (
    <FormPage
      title={title}
      lead="Quota, limits and members have pages of their own."
      verb="Save changes"
      busy={save.isPending}
      disabledReason={refused}
      top={refused === undefined ? undefined : <Notice tone="attention">{refused}</Notice>}
      onSubmit={() => save.mutate()}
      leave={paths.project(row.name)}
      onDiscard={draft === null ? undefined : discard}
      error={save.error}
      fields={errors.all}
      labelOf={(path) => (path === "labels" ? "Labels" : path)}
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
          value={displayName}
          onChange={(next) => change({ displayName: next })}
          maxLength={200}
          placeholder={row.name}
        />
        <TextArea
          label="Description"
          optional
          rows={3}
          value={description}
          onChange={(next) => change({ description: next })}
          maxLength={2000}
        />
      </FormSection>
      <FormSection title="Labels">
        <LabelLines lines={lines} onChange={(next) => change({ lines: next })} error={errors.at("labels")} />
      </FormSection>
    </FormPage>
  );
}
