/** Creating a machine: one column to fill in, beside it what will be made. */
import { longestVmName } from "@kubev/api-types/vm-name";
import { useState } from "react";
import { call } from "../../api/client.ts";
import { ButtonLink } from "../../components/ButtonLink.tsx";
import { fieldsOf, formErrors } from "../../components/form-errors.ts";
import { evictionChoices } from "../../components/setting-words.ts";
import { useGo, useNamed } from "../../components/use-place.ts";
import { useProjectActions } from "../../components/use-project-actions.ts";
import { useTitle } from "../../components/use-title.ts";
import { FormPage, FormSection, goToField } from "../../forms/form-parts.tsx";
import { CloudInitSection } from "../../forms/vm-create/CloudInitSection.tsx";
import { draftErrors, type RunStrategyChoice, specOf } from "../../forms/vm-create/draft.ts";
import { previewPrompt } from "../../forms/vm-create/preview-prompt.ts";
import { fieldLabel } from "../../forms/vm-create/field-labels.ts";
import { DataDisksSection } from "../../forms/vm-create/DataDisksSection.tsx";
import { NetworkSection } from "../../forms/vm-create/NetworkSection.tsx";
import { Preview } from "../../forms/Preview.tsx";
import { SizeSection } from "../../forms/vm-create/SizeSection.tsx";
import { SourceSection } from "../../forms/vm-create/SourceSection.tsx";
import { useVmDraft, useVmPreview } from "../../forms/vm-create/use-vm-draft.ts";
import { paths } from "../../paths.ts";
import { reasonWithCause } from "../../reasons/reason-text.ts";
import { useDeed } from "../../components/use-deed.ts";
import { Button } from "../../ui/Button.tsx";
import { CheckField } from "../../ui/Checkbox.tsx";
import { Select } from "../../ui/Select.tsx";
import { Notice } from "../../ui/States.tsx";
import { TextArea, TextField } from "../../ui/TextField.tsx";

const strategies: readonly { value: RunStrategyChoice; label: string }[] = [
  { value: "RerunOnFailure", label: "Start again after a failure" },
  { value: "Always", label: "Always keep it running" },
  { value: "Manual", label: "Only when somebody starts it" },
  { value: "Once", label: "Run once" },
  { value: "Halted", label: "Stay stopped" },
];

export default function VmCreatePage() {
  useTitle("Create a virtual machine");
  const { project } = useNamed();
  const { draft, change, discard } = useVmDraft(project);
  const preview = useVmPreview(project, draft);
  const go = useGo();
  const { createRefused } = useProjectActions(project);
  const [tried, setTried] = useState(false);
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const create = useDeed({
    run: () => call("createVm", { params: { project }, body: specOf(draft) }),
    done: (made) =>
      made.warning === undefined
        ? `${made.name} is being created.`
        : { but: `${made.name} was created but not started. ${reasonWithCause(made.warning)}` },
    shownBy: ["listVms", "getProject"],
    onDone: (made) => {
      go(paths.vm(made.project, made.name));
      discard();
    },
  });

  const own = draftErrors(draft);
  const fromPreview =
    preview.ready && preview.current ? previewFields(preview.query.data, preview.query.error) : [];
  const server = formErrors([...fieldsOf(create.error), ...fromPreview]);
  const errorAt = (path: string) =>
    own.find((error) => error.path === path && (tried || (error.misspelt && left.has(path))))?.text ??
    server.at(path);
  const section = { project, draft, change, errorAt };

  const submit = () => {
    if (createRefused !== undefined) return;
    setTried(true);
    const first = own[0];
    if (first === undefined) create.mutate();
    else goToField(first.path);
  };

  return (
    <FormPage
      title="Create a virtual machine"
      lead={`In ${project}. What you enter is kept in this tab until you create or discard it.`}
      verb="Create VM"
      busy={create.isPending}
      disabledReason={createRefused}
      onSubmit={submit}
      leave={paths.vms(project)}
      error={create.error}
      fields={server.all}
      labelOf={fieldLabel}
      top={
        <>
          {createRefused === undefined ? null : <Notice tone="attention">{createRefused}</Notice>}
          {tried && own.length > 0 ? (
            <Notice tone="error">
              <ul>
                {own.map((error) => (
                  <li key={error.path}>
                    <button
                      type="button"
                      className="text-accent hover:underline"
                      onClick={() => goToField(error.path)}
                    >
                      {fieldLabel(error.path)}
                    </button>
                    : {error.text}
                  </li>
                ))}
              </ul>
            </Notice>
          ) : null}
        </>
      }
      footer={
        <>
          <Button tone="quiet" onClick={discard}>
            Discard what was entered
          </Button>
          <ButtonLink to={paths.textCreate(project)} search={{ kind: "VirtualMachine" }}>
            Create from YAML
          </ButtonLink>
          <Blocked preview={preview} />
        </>
      }
      asideLabel="Preview"
      aside={
        <Preview
          prompt={previewPrompt(own)}
          project={project}
          preview={preview.query.data}
          error={preview.query.error}
          ready={preview.ready}
          current={preview.current}
        />
      }
    >
      <div
        className="contents"
        onBlur={({ target }) => {
          const path = target.closest<HTMLElement>("[data-field]")?.dataset["field"];
          if (path !== undefined)
            setLeft((before) => (before.has(path) ? before : new Set([...before, path])));
        }}
      >
        <FormSection title="Machine">
          <div data-field="name">
            <TextField
              label="Name"
              value={draft.name}
              onChange={(name) => change({ name })}
              error={errorAt("name")}
              maxLength={longestVmName}
              autoComplete="off"
              spellCheck={false}
              placeholder="web-1"
              hint="Lower-case letters, digits and hyphens. It cannot be changed later."
            />
          </div>
          <TextField
            label="Description"
            optional
            value={draft.description}
            onChange={(description) => change({ description })}
            error={errorAt("description")}
            maxLength={1000}
          />
        </FormSection>
        <FormSection title="Source of the first disk">
          <SourceSection {...section} />
        </FormSection>
        <FormSection title="More disks">
          <DataDisksSection {...section} />
        </FormSection>
        <FormSection title="Size">
          <SizeSection {...section} />
        </FormSection>
        <FormSection title="Network">
          <NetworkSection {...section} />
        </FormSection>
        <FormSection title="First start">
          <CloudInitSection {...section} />
        </FormSection>
        <FormSection title="After creation">
          <CheckField
            label="Start the machine at once"
            checked={draft.startAfterCreate}
            onChange={(startAfterCreate) => change({ startAfterCreate })}
          />
          <Select<RunStrategyChoice>
            label="Run strategy"
            value={draft.runStrategy}
            onChange={(runStrategy) => change({ runStrategy })}
            choices={strategies}
            error={errorAt("runStrategy")}
            className="max-w-96"
          />
          <div data-field="evictionStrategy">
            <Select
              label={fieldLabel("evictionStrategy")}
              value={draft.evictionStrategy}
              onChange={(evictionStrategy) => change({ evictionStrategy })}
              choices={evictionChoices}
              error={errorAt("evictionStrategy")}
              className="max-w-96"
            />
          </div>
          <div data-field="labels">
            <TextArea
              label="Labels"
              optional
              mono
              rows={2}
              value={draft.labels}
              onChange={(labels) => change({ labels })}
              placeholder="env=prod"
              hint="One key=value on each line."
              error={errorAt("labels")}
            />
          </div>
        </FormSection>
      </div>
    </FormPage>
  );
}

type PreviewState = ReturnType<typeof useVmPreview>;

/** Field errors of a preview, whether it answered or refused. */
function previewFields(data: PreviewState["query"]["data"], error: unknown) {
  return error ? fieldsOf(error) : (data?.checks.flatMap((check) => check.fields ?? []) ?? []);
}

function Blocked({ preview }: { preview: PreviewState }) {
  if (!preview.ready || preview.query.data?.creatable !== false) return null;
  return <span className="ml-auto text-attention">Something in the preview stops the creation.</span>;
}
