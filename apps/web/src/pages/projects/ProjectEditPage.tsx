/** The words and labels of a project. */
import type { ProjectRow } from "@kubev/api-types/projects";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "../../api/client.ts";
import { read } from "../../api/queries.ts";
import { fieldsOf, formErrors } from "../../components/form-errors.ts";
import { LoadFailed } from "../../components/LoadFailed.tsx";
import { disabledReason } from "../../components/reason-of.ts";
import { useGo, useNamed } from "../../components/use-place.ts";
import { useTitle } from "../../components/use-title.ts";
import { ConflictNotice, conflictsOf } from "../../forms/ConflictNotice.tsx";
import { FormPage, FormSection } from "../../forms/form-parts.tsx";
import { LabelsField } from "../../forms/LabelLines.tsx";
import { useEditDraft } from "../../forms/use-edit-draft.ts";
import { paths } from "../../paths.ts";
import { useDeed } from "../../components/use-deed.ts";
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

function wordsOf({ name, displayName, description, labels }: ProjectRow): Words {
  return { displayName: displayName === name ? "" : displayName, description, labels };
}

const fieldWords: Record<string, string> = {
  displayName: "Display name",
  description: "Description",
  labels: "Labels",
};
const labelOf = (path: string) => fieldWords[path] ?? path;

function Edit({ row }: { row: ProjectRow }) {
  const title = `Edit ${row.name}`;
  useTitle(title);
  const go = useGo();
  const draft = useEditDraft(`project/${row.name}`, wordsOf(row));
  const { was, now, change, discard } = draft;
  const save = useDeed({
    run: async () =>
      call("editProject", {
        params: { project: row.name },
        body: { ...now, was },
      }),
    shownBy: ["getProject", "listProjects"],
    onFetched: () => {
      discard();
      go(paths.project(row.name));
    },
  });
  const errors = formErrors(fieldsOf(save.error));
  const conflicts = conflictsOf(save.error);
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
            onDecide={(conflict, take) => {
              save.reset();
              draft.decide(conflict, take);
            }}
          />
        </>
      }
      onSubmit={() => save.mutate()}
      leave={paths.project(row.name)}
      onDiscard={draft.isDraft ? discard : undefined}
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
