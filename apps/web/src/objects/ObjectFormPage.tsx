/** Creating or changing an object of any catalogued noun: its fields, and beside them what the cluster says and what will be stored. */
import { noProject, objectCatalog, type ObjectNoun } from "@kubev/api-types/object-catalog";
import type { ObjectDetail, ObjectPreview } from "@kubev/api-types/objects";
import { type ReactNode, use, useState } from "react";
import { call } from "../api/client.ts";
import { ButtonLink } from "../components/ButtonLink.tsx";
import { DetailLoader } from "../components/DetailFrame.tsx";
import { fieldsOf, formErrors } from "../components/form-errors.ts";
import { useGo, useProject, useUrlSearch } from "../components/use-place.ts";
import { useTitle } from "../components/use-title.ts";
import { ConflictNotice, conflictsOf } from "../forms/ConflictNotice.tsx";
import { FormPage, goToField } from "../forms/form-parts.tsx";
import { PreviewYaml } from "../forms/PreviewYaml.tsx";
import { stillNeeded } from "../forms/still-needed.ts";
import { useChecked } from "../forms/use-checked.ts";
import { useEditDraft } from "../forms/use-edit-draft.ts";
import { PageNotFound } from "../pages/failures/PageNotFound.tsx";
import { paths } from "../paths.ts";
import { PreviewProblems } from "../forms/PreviewProblems.tsx";
import { ProblemNotice } from "../components/ProblemNotice.tsx";
import { useDeed } from "../components/use-deed.ts";
import { Button } from "../ui/Button.tsx";
import { Notice } from "../ui/States.tsx";
import { StatusMark } from "../ui/Status.tsx";
import type { ObjectFormPage as FormDeclaration } from "./object-page.ts";
import { loadObjectPage } from "./object-pages.ts";
import { PreviewNotes } from "./PreviewNotes.tsx";
import { inSentence, objectWords } from "./object-words.ts";
import { useObjectNoun, useObjectQuery } from "./use-object.ts";

type Spec = Record<string, unknown>;

export function ObjectCreatePage() {
  const noun = useObjectNoun();
  return noun === undefined ? <PageNotFound /> : <Create key={noun} noun={noun} />;
}

export function ObjectEditPage() {
  const noun = useObjectNoun();
  return noun === undefined ? <PageNotFound /> : <Edit key={noun} noun={noun} />;
}

function Create({ noun }: { noun: ObjectNoun }) {
  const page = use(loadObjectPage(noun));
  const inPath = useProject();
  const project = objectCatalog[noun].namespaced ? inPath : undefined;
  const search = useUrlSearch();
  const { form } = page;
  if (form === undefined || (objectCatalog[noun].namespaced && project === undefined))
    return <PageNotFound />;
  return <ObjectForm noun={noun} form={form} project={project} initial={form.initial(project, search)} />;
}

function Edit({ noun }: { noun: ObjectNoun }) {
  const page = use(loadObjectPage(noun));
  const { query, name } = useObjectQuery(noun);
  const project = useProject();
  const { one, many } = objectWords[noun];
  const [first, setFirst] = useState<ObjectDetail | null>(null);
  // What is edited is what was read first: a later change is a conflict to be told, not a form that moves under the hand.
  if (first === null && query.data !== undefined) setFirst(query.data);
  const { form } = page;
  if (form === undefined) return <PageNotFound />;
  return (
    <DetailLoader
      query={query}
      missing={`There is no ${inSentence(one)} ${name}`}
      failed={`The ${inSentence(one)} could not be loaded.`}
      back={<ButtonLink to={paths.objects(noun, project)}>{many}</ButtonLink>}
    >
      {(detail) => {
        const { spec, row } = first ?? detail;
        return spec === null ? (
          <div className="p-5">
            <Notice
              tone="attention"
              action={
                <ButtonLink size="sm" to={paths.object(row, "yaml")}>
                  Edit YAML
                </ButtonLink>
              }
            >
              It holds more than this form can show. Edit its YAML.
            </Notice>
          </div>
        ) : (
          <ObjectForm
            noun={noun}
            form={form}
            project={row.project === "" ? undefined : row.project}
            initial={spec}
            existing={row.name}
          />
        );
      }}
    </DetailLoader>
  );
}

interface ObjectFormProps {
  noun: ObjectNoun;
  form: FormDeclaration<ObjectNoun>;
  project: string | undefined;
  initial: Spec;
  /** The name of the object that is changed. */
  existing?: string;
}

function ObjectForm({ noun, form, project, initial: given, existing }: ObjectFormProps) {
  const { one } = objectWords[noun];
  const title = existing === undefined ? `Create ${article(one)} ${inSentence(one)}` : `Edit ${existing}`;
  useTitle(title);
  const go = useGo();
  const [initial] = useState(given);
  // what a form begins with is part of its name: a link that begins it otherwise begins another one
  const draft = useEditDraft([noun, project ?? "", existing ?? JSON.stringify(initial)].join("/"), initial);
  const { was, now: spec, discard } = draft;
  const [tried, setTried] = useState(false);
  const place = { noun, project: project ?? noProject };
  const { query: preview, current } = useChecked({
    key: ["previewObject", place, existing ?? ""],
    asked: existing === undefined ? { spec } : { spec, was },
    ask: async (body, signal) =>
      existing === undefined
        ? call("previewObject", { params: place, body }, { signal })
        : call("previewObjectChange", { params: { ...place, name: existing }, body }, { signal }),
  });
  const save = useDeed({
    run: async () =>
      existing === undefined
        ? call("createObject", { params: place, body: { spec } })
        : call("changeObject", { params: { ...place, name: existing }, body: { spec, was } }),
    shownBy: ["listObjects", "getObject"],
    onFetched: (row) => {
      discard();
      go(paths.object(row));
    },
  });
  const found = current ? (preview.data?.fields ?? []) : [];
  // what is merely not filled in yet is said only once somebody tried
  const shown = tried ? found : found.filter((field) => !isUnfilled(field.reason.code));
  const errors = formErrors(shown);
  const refused = formErrors(fieldsOf(save.error));
  const errorAt = (path: string) => errors.at(path) ?? (current ? undefined : refused.at(path));
  const told = conflictsOf(save.error);
  const conflicts = told.length > 0 ? told : ((current ? preview.data?.conflicts : undefined) ?? []);
  const labelOf = (path: string) => form.labels[path.replace(/\.\d+/g, ".*")] ?? path;
  const submit = () => {
    setTried(true);
    const first = found.find((field) => field.path !== "");
    if (first === undefined) save.mutate();
    else goToField(first.path);
  };
  const { Fields } = form;
  return (
    <FormPage
      title={title}
      lead={form.lead}
      verb={existing === undefined ? `Create ${inSentence(one)}` : "Save changes"}
      busy={save.isPending}
      onSubmit={submit}
      leave={
        existing === undefined
          ? paths.objects(noun, project)
          : paths.object({ ref: { noun }, project, name: existing })
      }
      onDiscard={draft.isDraft ? discard : undefined}
      top={
        <ConflictNotice
          conflicts={conflicts}
          labelOf={labelOf}
          onDecide={(conflict, take) => {
            save.reset();
            draft.decide(conflict, take);
          }}
        />
      }
      error={told.length > 0 ? null : save.error}
      fields={refused.all}
      labelOf={labelOf}
      asideLabel="Preview"
      aside={
        <Preview
          preview={preview.data}
          error={preview.error}
          current={current}
          change={existing !== undefined}
          labelOf={labelOf}
          remedyOf={(code) => {
            const remedy = form.remedies?.[code];
            if (remedy === undefined || !current) return undefined;
            return (
              <Button
                size="sm"
                onClick={() => draft.change(remedy.change(spec as never))} // as: below
              >
                {remedy.verb}
              </Button>
            );
          }}
        />
      }
    >
      <Fields
        project={project}
        spec={spec as never} // as: begun from this noun's own initial spec
        change={draft.change}
        errorAt={errorAt}
        existing={existing !== undefined}
      />
    </FormPage>
  );
}

const isUnfilled = (code: string) => code === "field-required" || code === "field-too-short";
const article = (word: string) => (/^[aeio]/i.test(word) ? "an" : "a");

interface PreviewProps {
  preview: ObjectPreview | undefined;
  error: unknown;
  current: boolean;
  change: boolean;
  labelOf: (path: string) => string;
  remedyOf: (code: string) => ReactNode;
}

function Preview({ preview, error, current, change, labelOf, remedyOf }: PreviewProps) {
  if (error)
    return (
      <div className="p-4">
        <ProblemNotice error={error} />
      </div>
    );
  if (preview === undefined) return null;
  const missing = preview.fields.length > 0 && preview.fields.every((field) => isUnfilled(field.reason.code));
  const needed = stillNeeded(preview.fields.map(({ path }) => labelOf(path)));
  return (
    <div className="flex flex-col gap-5 p-4">
      <div role="status" className="flex flex-col gap-1">
        <p className="text-base font-medium">
          {preview.ok ? (
            <StatusMark tone="ok">
              {change ? "The cluster takes this change" : "It can be created"}
            </StatusMark>
          ) : (preview.conflicts ?? []).length > 0 ? (
            <StatusMark tone="attention">Somebody else changed the same</StatusMark>
          ) : missing ? (
            <StatusMark tone="off">Something is not filled in yet</StatusMark>
          ) : (
            <StatusMark tone="error">
              {change ? "It cannot be changed like this" : "It cannot be created like this"}
            </StatusMark>
          )}
        </p>
        <p className="min-h-5 text-secondary">{current ? (missing ? needed : "") : "Checking."}</p>
        {missing ? null : <PreviewProblems fields={preview.fields} labelOf={labelOf} />}
      </div>
      <PreviewNotes notes={preview.notes} warnings={preview.warnings} remedyOf={remedyOf} />
      <PreviewYaml yaml={preview.yaml} />
    </div>
  );
}
