/** A new object of any kind, from YAML: the cluster checks it while it is written and says on which line what is wrong. */
import { useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { call } from "../../api/client.ts";
import { useSingleMutation } from "../../api/single-mutation.ts";
import { ButtonLink } from "../../components/ButtonLink.tsx";
import { RefusalNotice } from "../../components/DeleteDialog.tsx";
import { fieldsOf } from "../../components/form-errors.ts";
import { linkOf } from "../../components/resource-link.ts";
import { useProject, useUrlSearch } from "../../components/use-place.ts";
import { useTitle } from "../../components/use-title.ts";
import { problemLines } from "../../editor/yaml-problem.ts";
import { mayHoldSecrets, useKeptDraft } from "../../forms/kept-draft.ts";
import { useChecked } from "../../forms/use-checked.ts";
import { paths } from "../../paths.ts";
import { Button } from "../../ui/Button.tsx";
import { Notice } from "../../ui/States.tsx";
import { StatusMark } from "../../ui/Status.tsx";
import { exampleOf } from "./examples.ts";

const YamlEditor = lazy(() => import("../../editor/YamlEditor.tsx"));

export default function TextCreatePage() {
  useTitle("Create from YAML");
  const project = useProject();
  const kind = useUrlSearch()["kind"];
  const [beginning] = useState(() => exampleOf(kind));
  const {
    draft: yaml,
    setDraft: setYaml,
    changed,
    discard,
    forget,
  } = useKeptDraft(`text/${project ?? ""}/${kind ?? ""}`, beginning, {
    worthKeeping: (text) => (mayHoldSecrets(text) ? null : text),
  });
  const cache = useQueryClient();
  const bodyOf = (text: string) => ({ yaml: text, ...(project === undefined ? {} : { project }) });
  // An example that nobody touched is not blamed for what is not filled in yet.
  const touched = yaml !== beginning;
  const { query: check, current } = useChecked({
    key: ["checkText", project],
    asked: yaml,
    ask: async (asked, signal) => call("checkText", { body: bodyOf(asked) }, { signal }),
    isReady: (asked) => asked !== beginning && asked.trim() !== "",
  });
  const create = useSingleMutation({
    mutationFn: async () => call("createText", { body: bodyOf(yaml) }),
    onSuccess: async () => {
      forget();
      for (const list of ["listObjects", "listAnyObjects", "listVms", "listDisks", "getProject"] as const)
        await cache.invalidateQueries({ queryKey: [list] });
    },
  });
  const edit = (next: string) => {
    if (next === yaml) return;
    setYaml(next);
    create.reset();
  };
  const made = create.data;
  const link =
    made === undefined
      ? undefined
      : ((made.ref === null ? undefined : linkOf(made.ref)) ??
        paths.kind(made.project || undefined, made.type, made.name));
  const answer = touched && current && made === undefined ? check.data : undefined;
  const refused = fieldsOf(create.error);
  const problems = problemLines(refused.length > 0 ? refused : (answer?.problems ?? []));
  return (
    <div className="flex h-full min-h-0 flex-col">
      <header className="flex flex-col gap-1 px-3 pt-4 pb-2 md:px-5">
        <h1 className="text-xl font-semibold tracking-tight">Create from YAML</h1>
        <p className="text-secondary">
          One object of any kind that the cluster serves{project === undefined ? "" : `, in ${project}`}, with
          your own rights. The cluster checks the text while you write; nothing is made before you say so.
        </p>
      </header>
      <div className="flex flex-wrap items-center gap-3 px-3 py-2 md:px-5">
        <Button
          tone="primary"
          busy={create.isPending}
          disabledReason={made === undefined ? undefined : "It is there. Change the text for another."}
          onClick={() => create.mutate()}
        >
          Create
        </Button>
        {changed && made === undefined ? (
          <Button
            onClick={() => {
              create.reset();
              discard();
            }}
          >
            Discard what was entered
          </Button>
        ) : null}
        <span role="status">
          {!touched || made !== undefined || check.isError ? null : answer === undefined ? (
            <StatusMark tone="working">Checking</StatusMark>
          ) : answer.ok ? (
            <StatusMark tone="ok">It can be created</StatusMark>
          ) : (
            <StatusMark tone="error">It cannot be created like this</StatusMark>
          )}
        </span>
      </div>
      <div className="flex flex-col gap-2 px-3 pb-2 empty:hidden md:px-5">
        {made === undefined ? null : (
          <Notice
            tone="ok"
            action={
              link === undefined ? undefined : (
                <ButtonLink size="sm" to={link}>
                  Open it
                </ButtonLink>
              )
            }
          >
            {made.kind} {made.name} is there{made.project === "" ? "." : `, in ${made.project}.`}
          </Notice>
        )}
        {answer?.warnings.map((warning) => (
          <Notice key={warning} tone="attention">
            {warning}
          </Notice>
        ))}
        <RefusalNotice error={refused.length > 0 ? null : (create.error ?? (touched ? check.error : null))} />
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
            text={yaml}
            onChange={edit}
            problems={problems.map(({ line, text: message }) => ({ line, message }))}
          />
        </Suspense>
      </div>
    </div>
  );
}
