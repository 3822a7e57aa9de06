/** Deleting many at once: what goes and what cannot, then how each went. */
import type { OperationName } from "@kubev/api-types/endpoint-paths";
import type { ActionDecision } from "@kubev/api-types/reason";
import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useRef } from "react";
import { formatPlural } from "../format/numbers.ts";
import { errorText } from "../reasons/error-text.ts";
import { type BulkLine, type BulkRun, type BulkState, useBulk, wentWell } from "../table/use-bulk.ts";
import { Button } from "../ui/Button.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { StatusShape, type StatusTone } from "../ui/Status.tsx";
import { toast } from "../ui/toast.ts";
import { disabledReason } from "./reason-of.ts";

const tones: Record<BulkState, StatusTone> = {
  waiting: "off",
  running: "working",
  done: "ok",
  gone: "off",
  refused: "error",
  left: "off",
};
const words: Record<BulkState, string> = {
  waiting: "Waits",
  running: "Is being deleted",
  done: "Deletion has begun",
  gone: "Already gone",
  refused: "Refused",
  left: "Left as it is",
};

export interface Deletable {
  project?: string | undefined;
  name: string;
  actions: { delete: ActionDecision };
}

interface BulkDeleteDialogProps<Row extends Deletable> {
  rows: readonly Row[];
  /** Whether nobody has it any more, since it was chosen. */
  isGone: (row: Row) => boolean;
  /** Within a sentence. */
  one: string;
  many: string;
  /** Of these, which can go. */
  consequence: (rows: readonly Row[]) => ReactNode;
  /** What else goes, all in all, as the button says it: "3 disks". */
  alsoGoes?: string | undefined;
  /** What goes with a row. */
  withIt?: (row: Row) => string | undefined;
  /** Said of a row that somebody else deleted first: what this deletion would have taken with it. */
  leftOf?: (row: Row) => string | undefined;
  run: BulkRun<Row>;
  /** Why it cannot begin yet: a whole sentence. */
  notYet?: string | undefined;
  /** Reads that show them. */
  shownBy: readonly OperationName[];
  /** With what was begun and not done; null where nothing was begun. */
  onClose: (undone: readonly Row[] | null) => void;
  /** More to choose, before it begins. */
  children?: ReactNode;
}

export function BulkDeleteDialog<Row extends Deletable>(props: BulkDeleteDialogProps<Row>) {
  const { rows, isGone, one, many, run, shownBy } = props;
  const cache = useQueryClient();
  const safe = useRef<HTMLButtonElement>(null);
  const bulk = useBulk(run, async (lines) => {
    // what went otherwise stays readable here
    if (wentWell(lines)) {
      const [first] = lines;
      const what = lines.length === 1 && first ? first.row.name : formatPlural(lines.length, one, many);
      toast.success(`Deletion of ${what} has begun.`);
      props.onClose([]);
    }
    for (const operation of shownBy) await cache.invalidateQueries({ queryKey: [operation] });
  });
  const gone = rows.filter(isGone);
  const there = rows.filter((row) => !isGone(row));
  const able = there.filter((row) => row.actions.delete.allowed);
  const unable = there.filter((row) => !row.actions.delete.allowed);
  const blocked =
    there.length === 0
      ? "All of them are already gone."
      : able.length === 0
        ? "None of them can be deleted now."
        : props.notYet;
  const also = props.alsoGoes === undefined ? "" : ` and ${props.alsoGoes}`;
  const verb = able.length === 0 ? "Delete" : `Delete ${formatPlural(able.length, one, many)}${also}`;
  const begun = bulk.lines.length > 0;
  // what still waits is stopped, and how the rest went stays readable
  const onClose = () =>
    bulk.isRunning
      ? bulk.stop()
      : props.onClose(
          begun
            ? bulk.lines.filter(({ state }) => state === "refused" || state === "left").map(({ row }) => row)
            : null,
        );
  const count = (state: BulkState) => bulk.lines.filter((line) => line.state === state).length;
  return (
    <Dialog
      open
      onClose={onClose}
      width="md"
      title={
        begun
          ? `Deletion of ${formatPlural(count("done"), one, many)} has begun, of ${bulk.lines.length} chosen`
          : able.length === 0
            ? `Delete ${many}`
            : verb
      }
      initialFocus={safe}
      footer={
        begun ? (
          bulk.isRunning ? (
            <Button onClick={bulk.stop}>Stop</Button>
          ) : (
            <Button tone="primary" onClick={onClose}>
              Close
            </Button>
          )
        ) : (
          <>
            {blocked === undefined ? null : (
              <p className="min-w-0 flex-1 basis-48 self-center text-xs text-secondary">{blocked}</p>
            )}
            <Button ref={safe} onClick={onClose}>
              Cancel
            </Button>
            <Button tone="danger" disabledReason={blocked} onClick={() => bulk.start(able)}>
              {verb}
            </Button>
          </>
        )
      }
    >
      {begun ? (
        <Lines
          rows={bulk.lines.map((line) => ({
            key: keyOf(line.row),
            row: line.row,
            tone: line.note === undefined ? tones[line.state] : "attention",
            word: words[line.state],
            detail: line.state === "gone" ? goneText(props.leftOf?.(line.row)) : detailOf(line),
          }))}
        />
      ) : (
        <div className="flex flex-col gap-4">
          {able.length === 0 ? null : (
            <>
              <div className="flex flex-col gap-2 text-pretty">{props.consequence(able)}</div>
              {props.children}
              <Lines rows={able.map((row) => ({ key: keyOf(row), row, detail: props.withIt?.(row) }))} />
            </>
          )}
          {gone.length === 0 ? null : (
            <section className="flex flex-col gap-2">
              <h3 className="font-medium">{formatPlural(gone.length, "is", "are")} already gone</h3>
              <Lines
                rows={gone.map((row) => ({
                  key: keyOf(row),
                  row,
                  tone: tones.gone,
                  word: words.gone,
                  detail: whyGone,
                }))}
              />
            </section>
          )}
          {unable.length === 0 ? null : (
            <section className="flex flex-col gap-2">
              <h3 className="font-medium">{formatPlural(unable.length, "is", "are")} left out</h3>
              <Lines
                rows={unable.map((row) => ({
                  key: keyOf(row),
                  row,
                  tone: "attention",
                  word: "Stays",
                  detail: disabledReason(row.actions.delete),
                }))}
              />
            </section>
          )}
        </div>
      )}
    </Dialog>
  );
}

const keyOf = ({ project, name }: Deletable) => `${project ?? ""}/${name}`;

/** Both look alike from here. */
const whyGone = "It was deleted meanwhile, or you may no longer see it.";
const goneText = (left: string | undefined) => (left === undefined ? whyGone : `${whyGone} ${left}`);

function detailOf({ error, note }: BulkLine<unknown>): string | undefined {
  if (error === undefined) return note;
  const { title, upstreamText } = errorText(error);
  return upstreamText === undefined ? title : `${title} ${upstreamText}`;
}

interface Line {
  key: string;
  row: Deletable;
  tone?: StatusTone;
  word?: string;
  detail?: string | undefined;
}

function Lines({ rows }: { rows: readonly Line[] }) {
  return (
    <ul
      aria-live="polite"
      className="max-h-80 divide-y divide-stroke overflow-y-auto rounded-md border border-stroke"
    >
      {rows.map(({ key, row, tone, word, detail }) => (
        <li key={key} className="flex items-start gap-2.5 px-3 py-1.5">
          {tone === undefined ? null : <StatusShape tone={tone} className="mt-1" />}
          <span className="min-w-0 flex-1 break-words">
            <span className="font-medium">{row.name}</span>{" "}
            <span className="text-tertiary">{row.project}</span>
            {detail === undefined ? null : <span className="block text-secondary">{detail}</span>}
          </span>
          {word === undefined ? null : <span className="shrink-0 text-xs text-secondary">{word}</span>}
        </li>
      ))}
    </ul>
  );
}
