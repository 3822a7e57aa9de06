/** A new project: its words, what bounds it, and who is in it; beside it what will be made. */
import type { CreateProject } from "@kubev/api-types/projects";
import { useState } from "react";
import { call } from "../../api/client.ts";
import { fieldsOf, formErrors } from "../../components/form-errors.ts";
import { useGo } from "../../components/use-place.ts";
import { useSession } from "../../components/use-session.ts";
import { useTitle } from "../../components/use-title.ts";
import { FormPage, FormSection, goToField } from "../../forms/form-parts.tsx";
import { PreviewYaml } from "../../forms/PreviewYaml.tsx";
import { useKeptDraft } from "../../forms/kept-draft.ts";
import { ListOf } from "../../forms/ListOf.tsx";
import { stillNeeded } from "../../forms/still-needed.ts";
import { useChecked } from "../../forms/use-checked.ts";
import { PreviewProblems } from "../../forms/PreviewProblems.tsx";
import { LabelLines, type LabelLine, labelsOf } from "../../forms/LabelLines.tsx";
import { QuotaLines, type QuotaDraft } from "../../objects/kinds/QuotaLines.tsx";
import { roleLabel, roleWords } from "../../objects/kinds/role-words.ts";
import { paths } from "../../paths.ts";
import { reasonText, reasonWithCause } from "../../reasons/reason-text.ts";
import { ProblemNotice } from "../../components/ProblemNotice.tsx";
import { useDeed } from "../../components/use-deed.ts";
import { CheckField } from "../../ui/Checkbox.tsx";
import { Select } from "../../ui/Select.tsx";
import { Notice } from "../../ui/States.tsx";
import { StatusMark } from "../../ui/Status.tsx";
import { TextArea, TextField } from "../../ui/TextField.tsx";
import { toast } from "../../ui/toast.ts";

type Member = CreateProject["members"][number];

const roles = ["admin", "edit", "view"].map((value) => ({ value, label: roleLabel(value) }));
const kinds = [
  { value: "User", label: "Person" },
  { value: "Group", label: "Group" },
] as const;

const usualQuota: readonly QuotaDraft[] = [
  { resource: "requests.cpu", amount: "16" },
  { resource: "requests.memory", amount: "64Gi" },
  { resource: "requests.storage", amount: "500Gi" },
  { resource: "count/virtualmachines.kubevirt.io", amount: "20" },
];
/** Under a quota of memory each container must say what it needs; this says it for those that do not. */
const usualLimits: CreateProject["limits"] = [
  { type: "Container", resource: "cpu", min: "", max: "", defaultLimit: "1", defaultRequest: "100m" },
  { type: "Container", resource: "memory", min: "", max: "", defaultLimit: "512Mi", defaultRequest: "256Mi" },
];

const labelOf = (path: string): string => {
  if (path.startsWith("quota")) return "Quota";
  if (path.startsWith("members")) return "Members";
  return (
    { name: "Name", displayName: "Display name", description: "Description", labels: "Labels" }[path] ?? path
  );
};

interface Draft {
  words: { name: string; displayName: string; description: string };
  labels: LabelLine[];
  quota: QuotaDraft[];
  limited: boolean;
  members: Member[];
}
const emptyDraft: Draft = {
  words: { name: "", displayName: "", description: "" },
  labels: [],
  quota: [],
  limited: false,
  members: [],
};

export default function ProjectCreatePage() {
  useTitle("Create a project");
  const go = useGo();
  const createRefused =
    useSession().areas?.createProject === false
      ? reasonText({ code: "no-permission", params: { verb: "create", resource: "namespaces" } })
      : undefined;
  const { draft, setDraft, changed, discard } = useKeptDraft("project", emptyDraft);
  const { words, labels, quota, limited, members } = draft;
  const put = (part: Partial<Draft>) => setDraft((before) => ({ ...before, ...part }));
  const [tried, setTried] = useState(false);
  const body: CreateProject = {
    ...words,
    labels: labelsOf(labels),
    quota,
    limits: limited ? usualLimits : [],
    members,
  };
  const preview = usePreview(body);
  const create = useDeed({
    run: async () => call("createProject", { body }),
    done: ({ project, notMade }) =>
      notMade.length === 0 ? `The project ${project.name} is there.` : undefined,
    shownBy: ["listProjects"],
    onFetched: ({ project, notMade }) => {
      for (const one of notMade)
        toast.error(
          `The project is there, but its ${one.kind} ${one.name} was refused. ${reasonWithCause(one.reason)}`,
        );
      discard();
      go(paths.project(project.name));
    },
  });
  const refused = formErrors(fieldsOf(create.error));
  const found = formErrors(preview.current && (tried || words.name !== "") ? preview.fields : []);
  const errorAt = (path: string) => found.at(path) ?? refused.at(path);
  const change = (part: Partial<typeof words>) =>
    setDraft((before) => ({ ...before, words: { ...before.words, ...part } }));
  const submit = () => {
    if (createRefused !== undefined) return;
    setTried(true);
    const first = words.name === "" ? { path: "name" } : preview.current ? preview.fields[0] : undefined;
    if (first === undefined) create.mutate();
    else goToField(first.path);
  };
  return (
    <FormPage
      title="Create a project"
      lead="A room of its own for machines, disks and workloads, with its own members and bounds."
      verb="Create project"
      busy={create.isPending}
      disabledReason={createRefused}
      top={createRefused === undefined ? null : <Notice tone="attention">{createRefused}</Notice>}
      onSubmit={submit}
      leave={paths.projects()}
      onDiscard={changed ? discard : undefined}
      error={create.error}
      fields={refused.all}
      labelOf={labelOf}
      asideLabel="Preview"
      aside={<Preview {...preview} named={words.name !== ""} />}
    >
      <FormSection title="Project">
        <div data-field="name">
          <TextField
            label="Name"
            value={words.name}
            onChange={(name) => change({ name })}
            error={tried && words.name === "" ? "Give the project a name." : errorAt("name")}
            maxLength={63}
            autoComplete="off"
            spellCheck={false}
            placeholder="web-shop"
            hint="Lower-case letters, digits and hyphens. It cannot be changed later."
          />
        </div>
        <TextField
          label="Display name"
          optional
          value={words.displayName}
          onChange={(displayName) => change({ displayName })}
          maxLength={200}
          placeholder="Web shop"
        />
        <TextArea
          label="Description"
          optional
          rows={2}
          value={words.description}
          onChange={(description) => change({ description })}
          maxLength={2000}
        />
        <LabelLines lines={labels} onChange={(lines) => put({ labels: lines })} error={errorAt("labels")} />
      </FormSection>
      <FormSection title="Members">
        <ListOf<Member>
          lines={members}
          onChange={(lines) => put({ members: lines })}
          blank={() => ({ kind: "User", name: "", role: "admin" })}
          add="Add a member"
          nameOf={(line, index) => line.name || `member ${index + 1}`}
          inLines
          max={50}
        >
          {(line, index, changeLine) => (
            <div className="grid gap-3 sm:grid-cols-[130px_1fr_1fr]">
              <Select
                label="Kind"
                value={line.kind}
                onChange={(kind) => changeLine({ kind })}
                choices={kinds}
              />
              <div data-field={`members.${index}.name`}>
                <TextField
                  label="Name"
                  value={line.name}
                  onChange={(name) => changeLine({ name: name.trim() })}
                  error={errorAt(`members.${index}.name`)}
                  placeholder={line.kind === "Group" ? "web-team" : "alice"}
                />
              </div>
              <div data-field={`members.${index}.role`}>
                <Select
                  label="Role"
                  value={line.role}
                  onChange={(role) => changeLine({ role })}
                  choices={roles}
                  error={errorAt(`members.${index}.role`)}
                  hint={roleWords[line.role]?.says}
                />
              </div>
            </div>
          )}
        </ListOf>
      </FormSection>
      <FormSection title="Bounds">
        <CheckField
          label="Limit what the project may use in all"
          hint="Without a quota it may use whatever the hosts have."
          checked={quota.length > 0}
          onChange={(on) => put({ quota: on ? [...usualQuota] : [] })}
        />
        {quota.length === 0 ? null : (
          <QuotaLines
            lines={quota}
            onChange={(lines) => put({ quota: lines })}
            errorAt={(path) => errorAt(`quota.${path}`)}
            fieldOf={(path) => `quota.${path}`}
          />
        )}
        <CheckField
          label="Give containers that ask for nothing a modest share"
          hint="Half a gibibyte of memory and one CPU at most. Under a quota, containers that ask for nothing are refused otherwise."
          checked={limited}
          onChange={(on) => put({ limited: on })}
        />
      </FormSection>
    </FormPage>
  );
}

/** The server's dry run of what is typed, once typing rests. */
function usePreview(body: CreateProject) {
  const { query, current } = useChecked({
    key: ["previewProject"],
    asked: body,
    ask: async (asked, signal) => call("previewProject", { body: asked }, { signal }),
    isReady: (asked) => asked.name !== "",
  });
  const fromError = fieldsOf(query.error);
  return {
    yaml: query.data?.yaml ?? "",
    warnings: query.data?.warnings ?? [],
    fields: query.error === null ? (query.data?.fields ?? []) : fromError,
    // what is wrong with a field stands beside it
    error: fromError.length > 0 ? null : query.error,
    current,
  };
}

function Preview({
  yaml,
  warnings,
  fields,
  error,
  current,
  named,
}: ReturnType<typeof usePreview> & { named: boolean }) {
  return (
    <div className="flex flex-col gap-5 p-4">
      <div role="status" className="flex flex-col gap-1">
        <p className="text-base font-medium">
          {named ? (
            <StatusMark tone={fields.length === 0 && error === null ? "ok" : "error"}>
              {fields.length === 0 && error === null ? "It can be created" : "It cannot be created like this"}
            </StatusMark>
          ) : (
            <StatusMark tone="off">Something is not filled in yet</StatusMark>
          )}
        </p>
        <p className="min-h-5 text-secondary">
          {named ? (current ? "" : "Checking.") : stillNeeded(["Name"])}
        </p>
        {named ? <PreviewProblems fields={fields} labelOf={labelOf} /> : null}
      </div>
      {error === null ? null : <ProblemNotice error={error} />}
      {warnings.map((warning) => (
        <Notice key={warning} tone="attention">
          {warning}
        </Notice>
      ))}
      {yaml === "" ? null : (
        <section className="flex flex-col gap-2">
          <h2 className="font-medium">What will be made</h2>
          <p className="text-secondary">
            The cluster has tried the project itself. What lies in it can only be tried once it is there; what
            is refused then is said, and the project stays.
          </p>
          <PreviewYaml yaml={yaml} />
        </section>
      )}
    </div>
  );
}
