/** What one container of a pod writes: which container, and which of its runs. */
import type { ObjectDetail } from "@kubev/api-types/objects";
import { useState } from "react";
import { disabledReason } from "../../components/reason-of.ts";
import { LogStream } from "../../pod-log/LogStream.tsx";
import { CheckField } from "../../ui/Checkbox.tsx";
import { Select } from "../../ui/Select.tsx";
import { Notice } from "../../ui/States.tsx";

export function PodLog({ detail: { row, detail } }: { detail: ObjectDetail<"pod"> }) {
  const [container, setContainer] = useState(detail.containers[0]?.name ?? "");
  const [previous, setPrevious] = useState(false);
  const refused = disabledReason(detail.readLog);
  if (refused !== undefined) return <Notice tone="attention">{refused}</Notice>;
  const chosen = detail.containers.find(({ name }) => name === container);
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap items-end gap-3">
        <Select
          label="Container"
          value={container}
          onChange={(name) => {
            setContainer(name);
            setPrevious(false);
          }}
          choices={detail.containers.map(({ name }) => ({ value: name, label: name }))}
          className="w-56"
        />
        <CheckField
          label="Before it began again"
          checked={previous}
          onChange={setPrevious}
          disabled={chosen?.hasPrevious !== true && !previous}
        />
      </div>
      {container === "" ? null : (
        <LogStream
          key={`${container} ${String(previous)}`}
          project={row.project}
          pod={row.name}
          container={container}
          previous={previous}
        />
      )}
    </div>
  );
}
