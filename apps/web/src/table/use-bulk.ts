/** One thing done to many rows: a few at a time, each with its own outcome, and it can be stopped between them. */
import { useEffect, useRef, useState } from "react";
import { eachLimited } from "./each-limited.ts";
import { isGone } from "./is-gone.ts";

export type BulkState = "waiting" | "running" | "done" | "gone" | "refused" | "left";

export interface BulkLine<Row> {
  row: Row;
  state: BulkState;
  error?: Error;
  /** Of what was done, but not wholly. */
  note?: string;
}

export interface Bulk<Row> {
  /** Empty before it begins. */
  lines: readonly BulkLine<Row>[];
  isRunning: boolean;
  start: (rows: readonly Row[]) => void;
  /** What runs ends; what waits is left as it is. */
  stop: () => void;
}

/** Does it to one row; says what of it could not be done, throws where all was refused. */
export type BulkRun<Row> = (row: Row) => Promise<string | null | undefined>;

/** Whether each was done, and wholly: one sentence says it then. */
export const wentWell = (lines: readonly BulkLine<unknown>[]): boolean =>
  lines.every(({ state, note }) => state === "done" && note === undefined);

/** Tells of each what becomes of it, and returns how all ended. What `isStopped` finds waiting is left. */
export async function runEach<Row>(
  rows: readonly Row[],
  run: BulkRun<Row>,
  isStopped: () => boolean,
  tell: (index: number, line: BulkLine<Row>) => void,
): Promise<readonly BulkLine<Row>[]> {
  const ended: BulkLine<Row>[] = rows.map((row) => ({ row, state: "left" }));
  await eachLimited(rows, async (row, index) => {
    if (!isStopped()) {
      tell(index, { row, state: "running" });
      ended[index] = await outcomeOf(row, run);
    }
    tell(index, ended[index] ?? { row, state: "left" });
  });
  return ended;
}

async function outcomeOf<Row>(row: Row, run: BulkRun<Row>): Promise<BulkLine<Row>> {
  try {
    const note = await run(row);
    return { row, state: "done", ...(note == null ? {} : { note }) };
  } catch (error) {
    if (isGone(error)) return { row, state: "gone" };
    return { row, state: "refused", error: error instanceof Error ? error : new Error(String(error)) };
  }
}

/** `onEnd` follows the last outcome. */
export function useBulk<Row>(
  run: BulkRun<Row>,
  onEnd: (lines: readonly BulkLine<Row>[]) => Promise<void>,
): Bulk<Row> {
  const [lines, setLines] = useState<readonly BulkLine<Row>[]>([]);
  const [isRunning, setRunning] = useState(false);
  const stopped = useRef(false);
  // a page that is left lets what runs end and begins nothing more
  useEffect(() => {
    stopped.current = false;
    return () => {
      stopped.current = true;
    };
  }, []);
  const runAll = async (rows: readonly Row[]) => {
    const ended = await runEach(
      rows,
      run,
      () => stopped.current,
      (index, line) => setLines((before) => before.with(index, line)),
    );
    // all is said by now: whoever read it need not wait for the lists
    setRunning(false);
    await onEnd(ended);
  };
  return {
    lines,
    isRunning,
    start: (rows) => {
      stopped.current = false;
      setRunning(true);
      setLines(rows.map((row) => ({ row, state: "waiting" })));
      void runAll(rows);
    },
    stop: () => {
      stopped.current = true;
    },
  };
}
