/** A machine from pasted YAML: checked by the cluster line by line, then made. What stands in the editor is never lost to a refusal. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { call } from "../../api/client.ts";
import { ButtonLink } from "../../components/ButtonLink.tsx";
import { RefusalNotice } from "../../components/DeleteDialog.tsx";
import { useGo, useNamed } from "../../components/use-place.ts";
import { useProjectActions } from "../../components/use-project-actions.ts";
import { useTitle } from "../../components/use-title.ts";
import { problemLines } from "../../editor/yaml-problem.ts";
import { useChecked } from "../../forms/use-checked.ts";
import { paths } from "../../paths.ts";
import { Button } from "../../ui/Button.tsx";
import { Notice } from "../../ui/States.tsx";
import { StatusMark } from "../../ui/Status.tsx";
import { toast } from "../../ui/toast.ts";

const YamlEditor = lazy(() => import("../../editor/YamlEditor.tsx"));

const example = `apiVersion: kubevirt.io/v1
kind: VirtualMachine
metadata:
  name: ""
spec:
  runStrategy: Halted
  template:
    spec:
      domain:
        cpu:
          sockets: 2
        memory:
          guest: 4Gi
        devices:
          disks:
            - name: root
              disk:
                bus: virtio
          interfaces:
            - name: default
              masquerade: {}
      networks:
        - name: default
          pod: {}
      volumes:
        - name: root
          containerDisk:
            image: quay.io/containerdisks/debian:13
`;

export default function VmTextPage() {
  useTitle("Create from YAML");
  const { project } = useNamed();
  const go = useGo();
  const cache = useQueryClient();
  const { createRefused } = useProjectActions(project);
  const [yaml, setYaml] = useState(example);
  const touched = yaml !== example;
  const params = { project };
  const { query: check, current } = useChecked({
    key: ["checkVmText", project],
    asked: yaml,
    ask: async (asked, signal) => call("checkVmText", { params, body: { yaml: asked } }, { signal }),
    isReady: (asked) => asked !== example && asked.trim() !== "",
  });
  const create = useMutation({
    mutationFn: () => call("createVmOfText", { params, body: { yaml } }),
    onSuccess: async (made) => {
      toast.success(`${made.name} is being created.`);
      go(paths.vm(made.project, made.name));
      await cache.invalidateQueries({ queryKey: ["listVms"] });
      await cache.invalidateQueries({ queryKey: ["getProject"] });
    },
  });
  const problems = touched && current ? problemLines(check.data?.problems ?? []) : [];
  const refusal =
    createRefused ??
    (touched
      ? problems.length > 0
        ? "Mend what is wrong in the text first."
        : undefined
      : "Paste or write a machine first.");
  return (
    <div className="flex min-h-full flex-1 flex-col">
      <header className="flex flex-col gap-3 px-3 py-5 md:px-5">
        <div>
          <h1 className="text-xl font-semibold tracking-tight">Create from YAML</h1>
          <p className="text-secondary">
            One VirtualMachine of kubevirt.io/v1, made in {project}. The cluster checks the text while you
            write; nothing is made before you say so.
          </p>
        </div>
        {createRefused === undefined ? null : <Notice tone="attention">{createRefused}</Notice>}
        <div className="flex flex-wrap items-center gap-2">
          <Button
            tone="primary"
            busy={create.isPending}
            disabledReason={refusal}
            onClick={() => create.mutate()}
          >
            Create VM
          </Button>
          <ButtonLink to={paths.vmCreate(project)}>Use the form instead</ButtonLink>
          <span role="status">
            {!touched || check.data === undefined ? null : !current ? (
              <StatusMark tone="working">Checking</StatusMark>
            ) : check.data.ok ? (
              <StatusMark tone="ok">It can be created</StatusMark>
            ) : (
              <StatusMark tone="error">It cannot be created like this</StatusMark>
            )}
          </span>
        </div>
        <RefusalNotice error={create.error ?? (touched ? check.error : null)} />
        {current && touched
          ? check.data?.warnings.map((warning) => (
              <Notice key={warning} tone="attention">
                {warning}
              </Notice>
            ))
          : null}
        {problems.map((problem) => (
          <Notice key={`${problem.path}-${problem.text}`} tone="error">
            {problem.path === "" ? "" : <span className="font-mono text-xs">{problem.path} </span>}
            {problem.text}
          </Notice>
        ))}
      </header>
      <div className="min-h-96 flex-1 border-t border-stroke">
        <Suspense fallback={null}>
          <YamlEditor
            text={yaml}
            onChange={setYaml}
            problems={problems.map(({ line, text }) => ({ line, message: text }))}
          />
        </Suspense>
      </div>
    </div>
  );
}
