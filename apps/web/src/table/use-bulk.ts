/** One thing done to many rows: a few at a time, each with its own outcome, and it can be stopped between them. */
import { useEffect, useReducer, useRef } from "react";

export type BulkState = "waiting" | "running" | "done" | "refused" | "left";

export interface BulkLine<Row> {
  row: Row;
  state: BulkState;
  error?: Error;
  /** Of what was done, but not wholly. */
  note?: string;
}

const atOnce = 6;

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
  const [, render] = useReducer((count: number) => count + 1, 0);
  const held = useRef<{ lines: BulkLine<Row>[]; isRunning: boolean; stopped: boolean }>({
    lines: [],
    isRunning: false,
    stopped: false,
  });
  // a page that is left lets what runs end and begins nothing more
  useEffect(() => {
    const { current } = held;
    return () => {
      current.stopped = true;
    };
  }, []);
  const start = (rows: readonly Row[]) => {
    const { current } = held;
    current.lines = rows.map((row) => ({ row, state: "waiting" }));
    current.isRunning = true;
    current.stopped = false;
    render();
    const set = (index: number, line: BulkLine<Row>) => {
      current.lines = current.lines.with(index, line);
      render();
    };
    let next = 0;
    const worker = async () => {
      while (next < rows.length) {
        const index = next;
        next += 1;
        const row = rows[index] as Row; // index < length
        if (current.stopped) {
          set(index, { row, state: "left" });
          continue;
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
      }
    };
    const all = async () => {
      await Promise.all(Array.from({ length: Math.min(atOnce, rows.length) }, worker));
      await onEnd();
      current.isRunning = false;
      render();
    };
    void all();
  };
  return {
    lines: held.current.lines,
    isRunning: held.current.isRunning,
    start,
    stop: () => {
      held.current.stopped = true;
    },
  };
}
