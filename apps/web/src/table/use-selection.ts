/** Chosen rows, kept over pages of a list until the list itself changes. */
import { useCallback, useMemo, useState } from "react";

export interface Selection<Row> {
  rows: readonly Row[];
  has: (key: string) => boolean;
  set: (rows: readonly Row[], selected: boolean) => void;
  clear: () => void;
}

export function useSelection<Row>(keyOf: (row: Row) => string, current: readonly Row[]): Selection<Row> {
  const [chosen, setChosen] = useState<ReadonlyMap<string, Row>>(new Map());
  const set = useCallback(
    (rows: readonly Row[], selected: boolean) =>
      setChosen((before) => {
        const next = new Map(before);
        for (const row of rows)
          if (selected) next.set(keyOf(row), row);
          else next.delete(keyOf(row));
        return next;
      }),
    [keyOf],
  );
  const clear = useCallback(() => setChosen(new Map()), []);
  // A chosen row that is on screen is taken as it is now, so that its actions are those of its present state.
  const rows = useMemo(() => {
    const fresh = new Map(current.map((row) => [keyOf(row), row]));
    return [...chosen].map(([key, row]) => fresh.get(key) ?? row);
  }, [chosen, current, keyOf]);
  return { rows, has: (key) => chosen.has(key), set, clear };
}
