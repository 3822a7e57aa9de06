/** A shell in a container: which container, which shell, and a word of warning where it is dangerous. */
import type { ObjectDetail } from "@kubev/api-types/objects";
import type { PodShellCommand } from "@kubev/api-types/pod-shell";
import { lazy, Suspense, useState } from "react";
import { disabledReason } from "../../components/reason-of.ts";
import type { ShellTarget } from "../../pod-shell/use-shell.ts";
import { reasonText } from "../../reasons/reason-text.ts";
import { Button } from "../../ui/Button.tsx";
import { CheckField } from "../../ui/Checkbox.tsx";
import { Select } from "../../ui/Select.tsx";
import { Notice } from "../../ui/States.tsx";

const ShellView = lazy(() => import("../../pod-shell/ShellView.tsx"));

const commands: { value: PodShellCommand; label: string }[] = [
  { value: "sh", label: "sh" },
  { value: "bash", label: "bash" },
];

export function PodShell({ detail: { row, detail } }: { detail: ObjectDetail<"pod"> }) {
  const containers = detail.containers.filter(({ role }) => role !== "init");
  const [container, setContainer] = useState(containers[0]?.name ?? "");
  const [command, setCommand] = useState<PodShellCommand>("sh");
  const [confirmed, setConfirmed] = useState(false);
  const [open, setOpen] = useState<ShellTarget | null>(null);
  const refused = disabledReason(detail.openShell);
  if (open !== null)
    return (
      <Suspense fallback={null}>
        <ShellView target={open} onClose={() => setOpen(null)} />
      </Suspense>
    );
  if (refused !== undefined) return <Notice tone="attention">{refused}</Notice>;
  const warning = detail.shellWarning;
  return (
    <div className="flex max-w-2xl flex-col gap-4">
      <p className="text-secondary">
        Commands run in the container with its own rights. That a shell was opened stands in the activity;
        what is typed does not.
      </p>
      {warning === null ? null : (
        <Notice tone="attention">
          <p>{reasonText(warning)}</p>
          <div className="mt-2">
            <CheckField label="I know, and mean this pod" checked={confirmed} onChange={setConfirmed} />
          </div>
        </Notice>
      )}
      <div className="flex flex-wrap items-end gap-3">
        <Select
          label="Container"
          value={container}
          onChange={setContainer}
          choices={containers.map(({ name }) => ({ value: name, label: name }))}
          className="w-56"
        />
        <Select label="Shell" value={command} onChange={setCommand} choices={commands} className="w-36" />
        <Button
          tone="primary"
          disabledReason={
            warning === null || confirmed ? undefined : "Read the warning and confirm it first."
          }
          onClick={() => setOpen({ project: row.project, pod: row.name, container, command, confirmed })}
        >
          Open a shell
        </Button>
      </div>
    </div>
  );
}
