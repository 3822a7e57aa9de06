/** One thing done to many rows: a few at a time, each with its own outcome, and it can be stopped between them. */
import { useEffect, useRef, useState } from "react";
import { eachLimited } from "./each-limited.ts";

export type BulkState = "waiting" | "running" | "done" | "refused" | "left";

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

/** `onEnd` follows the last outcome. */
export function useBulk<Row>(run: BulkRun<Row>, onEnd: () => Promise<void>): Bulk<Row> {
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
    const set = (index: number, line: BulkLine<Row>) => setLines((before) => before.with(index, line));
    await eachLimited(rows, async (row, index) => {
      if (stopped.current) {
        set(index, { row, state: "left" });
        return;
      }
      set(index, { row, state: "running" });
      try {
        const note = await run(row);
        set(index, { row, state: "done", ...(note == null ? {} : { note }) });
      } catch (error) {
        set(index, {
          row,
          state: "refused",
          error: error instanceof Error ? error : new Error(String(error)),
        });
      }
    });
    // all is said by now: whoever read it need not wait for the lists
    setRunning(false);
    await onEnd();
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
