/** Beside the form: what will be made, where it fits, what it uses of the quota, and the YAML, as the server sees it. */
import { Tabs } from "@base-ui/react/tabs";
import type { PreflightCheck } from "@kubev/api-types/vm-create";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import { read } from "../api/queries.ts";
import { ProblemNotice } from "../components/ProblemNotice.tsx";
import { QuotaBars } from "../components/QuotaBars.tsx";
import { useSetUrlSearch, useUrlSearch } from "../components/use-place.ts";
import { reasonWithCause } from "../reasons/reason-text.ts";
import { fieldLabel } from "./vm-create/field-labels.ts";
import { CopyButton } from "../ui/CopyButton.tsx";
import { cx } from "../ui/cx.ts";
import { StatusMark, StatusShape, type StatusTone } from "../ui/Status.tsx";

const YamlViewer = lazy(() => import("../editor/YamlViewer.tsx"));

const checkWords: Record<PreflightCheck["name"], string> = {
  name: "Name",
  schedulable: "Room on the hosts",
  quota: "Quota",
  storage: "Storage",
  image: "Source",
  network: "Network",
  "instance-type": "Instance type",
  "dry-run": "The cluster's own check",
  "cloud-init": "First start",
};

const checkTones: Record<PreflightCheck["result"], StatusTone> = {
  ok: "ok",
  warning: "attention",
  blocking: "error",
  unknown: "off",
};

const resultWords: Record<PreflightCheck["result"], string> = {
  ok: "Fine",
  warning: "To know",
  blocking: "Stops the creation",
  unknown: "Not known",
};

const sides = [
  { id: "summary", label: "Summary" },
  { id: "yaml", label: "YAML" },
  { id: "commands", label: "Commands" },
] as const;

/** What the server answers before a machine or a disk is made. */
interface PreviewReply {
  yaml: string;
  kubectl: string;
  virtctl?: string;
  virtctlOmits?: readonly string[];
  checks: readonly PreflightCheck[];
  creatable: boolean;
}

interface PreviewProps {
  project: string;
  preview: PreviewReply | undefined;
  /** What the form still needs before it can be asked about, in whole sentences. */
  prompt: string;
  error: unknown;
  /** False until the form has what a preview needs. */
  ready: boolean;
  current: boolean;
}

export function Preview({ project, preview, prompt, error, ready, current }: PreviewProps) {
  const asked = useUrlSearch()["side"];
  const side = sides.find(({ id }) => id === asked)?.id ?? "summary";
  const setSearch = useSetUrlSearch();
  return (
    <Tabs.Root
      value={side}
      onValueChange={(next: string) => setSearch({ side: next === "summary" ? undefined : next }, true)}
      className="flex h-full min-h-0 flex-col"
    >
      <div className="flex border-b border-stroke px-4">
        <Tabs.List activateOnFocus aria-label="Preview" className="flex gap-5">
          {sides.map(({ id, label }) => (
            <Tabs.Tab
              key={id}
              value={id}
              className={cx(
                "-mb-px h-10 border-b-2",
                side === id
                  ? "border-accent font-medium"
                  : "border-transparent text-secondary hover:text-content",
              )}
            >
              {label}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <span role="status" className="ml-auto self-center text-xs text-tertiary">
          {ready && !current ? "Checking" : ""}
        </span>
      </div>
      <Tabs.Panel value="summary" className={panelClass}>
        <div className="flex flex-col gap-5 p-4">
          <Checks
            preview={ready ? preview : undefined}
            error={ready ? error : null}
            ready={ready}
            prompt={prompt}
          />
          <Quota project={project} />
        </div>
      </Tabs.Panel>
      <Tabs.Panel value="yaml" className={panelClass}>
        <Yaml preview={preview} />
      </Tabs.Panel>
      <Tabs.Panel value="commands" className={panelClass}>
        <Commands preview={preview} />
      </Tabs.Panel>
    </Tabs.Root>
  );
}

const panelClass = "min-h-0 flex-1 overflow-y-auto";

function Checks({
  preview,
  error,
  ready,
  prompt,
}: {
  preview: PreviewReply | undefined;
  error: unknown;
  ready: boolean;
  prompt: string;
}) {
  if (!ready) return <p className="text-secondary">{prompt}</p>;
  if (error) return <ProblemNotice error={error} />;
  return (
    <div className="flex flex-col gap-2">
      {preview === undefined ? null : (
        <p className="pb-1 text-base font-medium">
          <StatusMark tone={preview.creatable ? "ok" : "error"}>
            {preview.creatable ? "It can be created" : "It cannot be created like this"}
          </StatusMark>
        </p>
      )}
      <h3 className="text-xs text-tertiary">Checked before anything is made</h3>
      <ul className="flex flex-col gap-2">
        {preview?.checks.map((check) => (
          <li key={check.name} className="flex gap-2.5">
            <StatusShape tone={checkTones[check.result]} className="mt-1" />
            <div className="min-w-0">
              <span>{checkWords[check.name]}</span>{" "}
              <span className="text-tertiary">{resultWords[check.result]}</span>
              {check.reason === undefined ? null : (
                <p className="text-secondary break-words">{reasonWithCause(check.reason)}</p>
              )}
            </div>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Quota({ project }: { project: string }) {
  const quota = useQuery(read("getProject", { params: { project } })).data?.quota;
  if (!quota?.length) return null;
  return (
    <div className="flex flex-col gap-2">
      <h3 className="text-xs text-tertiary">Used of the project's quota now</h3>
      <QuotaBars quota={quota} />
    </div>
  );
}

function Yaml({ preview }: { preview: PreviewReply | undefined }) {
  if (preview === undefined) return <NothingYet />;
  return (
    <div className="flex h-full min-h-80 flex-col">
      <div className="flex justify-end px-3 py-1.5">
        <CopyButton text={preview.yaml} label="Copy YAML" size="sm" />
      </div>
      <div className="min-h-0 flex-1 border-t border-stroke">
        <Suspense fallback={null}>
          <YamlViewer text={preview.yaml} />
        </Suspense>
      </div>
    </div>
  );
}

function Commands({ preview }: { preview: PreviewReply | undefined }) {
  if (preview === undefined) return <NothingYet />;
  return (
    <div className="flex flex-col gap-4 p-4">
      {(["kubectl", "virtctl"] as const).map((tool) => {
        const text = preview[tool];
        return text === undefined ? null : (
          <div key={tool} className="flex flex-col gap-1.5">
            <div className="flex items-center justify-between">
              <h3 className="text-xs text-tertiary">With {tool}</h3>
              <CopyButton text={text} label="Copy" size="sm" />
            </div>
            <pre className="overflow-x-auto rounded-md border border-stroke bg-sunken p-3 font-mono text-xs whitespace-pre-wrap break-words">
              {text}
            </pre>
            {tool === "virtctl" && preview.virtctlOmits !== undefined && preview.virtctlOmits.length > 0 ? (
              <p className="text-secondary">
                virtctl cannot say everything that is filled in here. Left out:{" "}
                {preview.virtctlOmits.map(fieldLabel).join(", ")}.
              </p>
            ) : null}
          </div>
        );
      })}
    </div>
  );
}

function NothingYet() {
  return <p className="p-4 text-secondary">It appears here once there is a name and a source.</p>;
}
