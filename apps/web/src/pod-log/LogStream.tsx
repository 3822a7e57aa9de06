/** One container's log as it is written: search, pause, wrap, download. */
import { ChevronDown, ChevronUp, Download, Pause, Play } from "lucide-react";
import { useMemo, useState } from "react";
import { formatCount, formatPlural } from "../format/numbers.ts";
import { offerFile } from "../table/csv.ts";
import { Button, IconButton } from "../ui/Button.tsx";
import { CheckField } from "../ui/Checkbox.tsx";
import { Notice } from "../ui/States.tsx";
import { StatusShape } from "../ui/Status.tsx";
import type { ShownLine } from "./log-buffer.ts";
import { LogLines } from "./LogLines.tsx";
import { logWords } from "./log-words.ts";
import { usePodLog } from "./use-pod-log.ts";

const icon = { size: 16, strokeWidth: 1.5, "aria-hidden": true } as const;

interface LogStreamProps {
  project: string;
  pod: string;
  container: string;
  previous: boolean;
}

export function LogStream({ project, pod, container, previous }: LogStreamProps) {
  const { log, state, reopen } = usePodLog({ project, name: pod, container, previous });
  /** What was there when somebody stopped the following. */
  const [held, setHeld] = useState<readonly ShownLine[] | null>(null);
  const [wrap, setWrap] = useState(true);
  const [times, setTimes] = useState(false);
  const [wanted, setWanted] = useState("");
  const [current, setCurrent] = useState(-1);
  const lines = held ?? log.lines;
  const sought = wanted.toLowerCase();
  const matches = useMemo(
    () =>
      sought === ""
        ? []
        : lines.flatMap(({ text }, index) => (text.toLowerCase().includes(sought) ? [index] : [])),
    [lines, sought],
  );
  const pause = () => setHeld((before) => before ?? log.lines);
  const go = (step: 1 | -1) => {
    if (matches.length === 0) return;
    pause();
    const at = matches.indexOf(current);
    const next = at < 0 ? (step === 1 ? 0 : matches.length - 1) : at + step;
    setCurrent(matches.at(next % matches.length) ?? -1);
  };
  const newest = held?.at(-1)?.id ?? -1;
  const waiting = held === null ? 0 : log.lines.filter(({ id }) => id > newest).length;
  const words = logWords(log, state);
  const download = () =>
    offerFile(
      `${pod}-${container}.log`,
      log.lines.map((line) => `${line.kind === "note" ? `# ${line.text}` : `${line.at} ${line.text}`}\n`),
      "text/plain",
    );
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <span role="status" className="flex items-center gap-1.5 text-xs whitespace-nowrap text-secondary">
          <StatusShape tone={words.tone} className="size-2.5" />
          {words.title}
        </span>
        <Button
          size="sm"
          icon={held === null ? <Pause {...icon} /> : <Play {...icon} />}
          onClick={() => {
            if (held === null) pause();
            else {
              setHeld(null);
              setCurrent(-1);
            }
          }}
        >
          {held === null
            ? "Pause"
            : waiting === 0
              ? "Go on"
              : `Go on (${formatPlural(waiting, "new line", "new lines")})`}
        </Button>
        <form
          role="search"
          className="flex items-center gap-1"
          onSubmit={(event) => {
            event.preventDefault();
            go(1);
          }}
        >
          <input
            type="search"
            aria-label="Search the log"
            placeholder="Search"
            value={wanted}
            onChange={(event) => {
              setWanted(event.target.value);
              setCurrent(-1);
            }}
            className="h-7 w-32 rounded-md border border-control/60 bg-transparent px-2 text-xs sm:w-48"
          />
          <IconButton
            size="sm"
            aria-label="Previous match"
            icon={<ChevronUp {...icon} />}
            onClick={() => go(-1)}
          />
          <IconButton
            size="sm"
            aria-label="Next match"
            icon={<ChevronDown {...icon} />}
            onClick={() => go(1)}
          />
          <span role="status" className="tabular text-xs text-secondary">
            {sought === ""
              ? ""
              : matches.length === 0
                ? "Not found"
                : formatPlural(matches.length, "line", "lines")}
          </span>
        </form>
        <CheckField label="Wrap" checked={wrap} onChange={setWrap} />
        <CheckField label="Times" checked={times} onChange={setTimes} />
        <Button
          size="sm"
          icon={<Download {...icon} />}
          disabledReason={log.lines.length === 0 ? "There is nothing to download." : undefined}
          onClick={download}
        >
          Download
        </Button>
      </div>
      {words.detail === undefined || words.detail === "" ? null : (
        <Notice tone={words.tone === "error" ? "error" : "attention"}>
          <p>{words.detail}</p>
          {words.canReopen === true ? <Button onClick={reopen}>Open again</Button> : null}
        </Notice>
      )}
      {log.dropped ? (
        <p className="text-xs text-tertiary">
          Only the newest {formatCount(log.lines.length)} lines are kept here.
        </p>
      ) : null}
      <LogLines
        label={`What ${container} wrote`}
        lines={lines}
        wrap={wrap}
        times={times}
        follow={held === null}
        onLeaveEnd={pause}
        wanted={sought}
        current={current}
        empty={log.over !== null || state.name === "connected" ? "It has written nothing yet." : ""}
      />
    </div>
  );
}
