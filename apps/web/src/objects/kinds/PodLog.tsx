/** What one container wrote: the newest lines, read again while followed, and as a file. */
import type { ObjectDetail } from "@kubev/api-types/objects";
import { useQuery } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { read } from "../../api/queries.ts";
import { disabledReason } from "../../components/reason-of.ts";
import { errorText } from "../../reasons/error-text.ts";
import { Button } from "../../ui/Button.tsx";
import { CheckField } from "../../ui/Checkbox.tsx";
import { Select } from "../../ui/Select.tsx";
import { Notice } from "../../ui/States.tsx";

const followMs = 2000;
const amounts = ["200", "1000", "10000"].map((value) => ({ value, label: `${value} lines` }));

export function PodLog({ detail: { row, detail } }: { detail: ObjectDetail<"pod"> }) {
  const [container, setContainer] = useState(detail.containers[0]?.name ?? "");
  const [previous, setPrevious] = useState(false);
  const [follow, setFollow] = useState(true);
  const [tail, setTail] = useState("1000");
  const refused = disabledReason(detail.readLog);
  const log = useQuery({
    ...read("getPodLog", {
      params: { project: row.project, name: row.name },
      query: { container, previous: String(previous) as "true" | "false", tailLines: Number(tail) },
    }),
    enabled: refused === undefined && container !== "",
    refetchInterval: follow && !previous ? followMs : false,
    retry: false,
  });
  const text = log.data?.text ?? "";
  const box = useRef<HTMLPreElement>(null);
  useEffect(() => {
    if (follow && text !== "" && box.current !== null) box.current.scrollTop = box.current.scrollHeight;
  }, [follow, text]);
  if (refused !== undefined) return <Notice tone="attention">{refused}</Notice>;
  const chosen = detail.containers.find(({ name }) => name === container);
  const problem = log.error === null ? null : errorText(log.error);
  return (
    <div className="flex min-h-0 flex-1 flex-col gap-3">
      <div className="flex flex-wrap items-end gap-3">
        <Select
          label="Container"
          value={container}
          onChange={setContainer}
          choices={detail.containers.map(({ name }) => ({ value: name, label: name }))}
          className="w-56"
        />
        <Select label="Shown" value={tail} onChange={setTail} choices={amounts} className="w-36" />
        <CheckField label="Follow" checked={follow} onChange={setFollow} />
        <CheckField
          label="Before it began again"
          checked={previous}
          onChange={setPrevious}
          disabled={chosen?.hasPrevious !== true && !previous}
        />
        <Button
          icon={<Download size={16} strokeWidth={1.5} aria-hidden />}
          disabledReason={text === "" ? "There is nothing to download." : undefined}
          onClick={() => download(text, `${row.name}-${container}.log`)}
        >
          Download
        </Button>
      </div>
      {problem === null ? null : (
        <Notice tone="error">
          {problem.title} {problem.upstreamText}
        </Notice>
      )}
      {log.data?.cut === true ? <p className="text-xs text-tertiary">Older lines are not shown.</p> : null}
      <pre
        ref={box}
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a region that scrolls must be reachable by keyboard
        tabIndex={0}
        role="log"
        aria-live="off"
        aria-label={`What ${container} wrote`}
        className="min-h-64 max-h-[70vh] flex-1 overflow-auto rounded-md bg-sunken p-3 font-mono text-xs whitespace-pre-wrap break-words"
      >
        {text === "" && log.isSuccess ? <span className="text-tertiary">It has written nothing.</span> : text}
      </pre>
    </div>
  );
}

function download(text: string, name: string) {
  const url = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
