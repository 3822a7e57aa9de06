/** A new object of any kind, from YAML: the cluster checks it first and says on which line what is wrong. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { call } from "../../api/client.ts";
import { ButtonLink } from "../../components/ButtonLink.tsx";
import { RefusalNotice } from "../../components/DeleteDialog.tsx";
import { fieldsOf } from "../../components/form-errors.ts";
import { linkOf } from "../../components/resource-link.ts";
import { useProject } from "../../components/use-place.ts";
import { useTitle } from "../../components/use-title.ts";
import { problemLines } from "../../editor/yaml-problem.ts";
import { Button } from "../../ui/Button.tsx";
import { Notice } from "../../ui/States.tsx";

const YamlEditor = lazy(() => import("../../editor/YamlEditor.tsx"));

const beginning = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: hello
spec:
  replicas: 1
  selector:
    matchLabels:
      app: hello
  template:
    metadata:
      labels:
        app: hello
    spec:
      containers:
        - name: web
          image: docker.io/library/nginx:1
          resources:
            requests:
              cpu: 100m
              memory: 64Mi
`;

export default function TextCreatePage() {
  useTitle("Create from YAML");
  const project = useProject();
  const [text, setText] = useState(beginning);
  const cache = useQueryClient();
  const body = { yaml: text, ...(project === undefined ? {} : { project }) };
  const check = useMutation({ mutationFn: async () => call("checkText", { body }) });
  const create = useMutation({
    mutationFn: async () => call("createText", { body }),
    onSuccess: async () => cache.invalidateQueries({ queryKey: ["listObjects"] }),
  });
  const refused = fieldsOf(create.error);
  const problems = problemLines(refused.length > 0 ? refused : (check.data?.problems ?? []));
  const edit = (next: string) => {
    if (next === text) return;
    setText(next);
    check.reset();
    create.reset();
  };
  const made = create.data;
  const link = made?.ref == null ? undefined : linkOf(made.ref);
  return (
    <div className="flex h-full min-h-0 flex-col">
      <header className="flex flex-col gap-1 px-3 pt-4 pb-2 md:px-5">
        <h1 className="text-xl font-semibold tracking-tight">Create from YAML</h1>
        <p className="text-secondary">
          {project === undefined
            ? "One object of any kind that the cluster serves, with your own rights."
            : `One object of any kind in ${project}, with your own rights.`}
        </p>
      </header>
      <div className="flex flex-wrap items-center gap-2 px-3 py-2 md:px-5">
        <Button busy={check.isPending} onClick={() => check.mutate()}>
          Check
        </Button>
        <Button
          tone="primary"
          busy={create.isPending}
          disabledReason={made === undefined ? undefined : "It is there. Change the text for another."}
          onClick={() => create.mutate()}
        >
          Create
        </Button>
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
        {check.data?.ok === true && made === undefined ? (
          <Notice tone="ok">The cluster takes it. Nothing was made yet.</Notice>
        ) : null}
        {check.data?.warnings.map((warning) => (
          <Notice key={warning} tone="attention">
            {warning}
          </Notice>
        ))}
        <RefusalNotice error={check.error ?? (refused.length > 0 ? null : create.error)} />
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
            text={text}
            onChange={edit}
            problems={problems.map(({ line, text: message }) => ({ line, message }))}
          />
        </Suspense>
      </div>
    </div>
  );
}
