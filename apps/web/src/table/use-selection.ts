/** Chosen rows, kept over pages of a list until the list itself changes. */
import { useCallback, useMemo, useState } from "react";

export interface Selection<Row> {
  rows: readonly Row[];
  has: (key: string) => boolean;
  set: (rows: readonly Row[], selected: boolean) => void;
  clear: () => void;
}

/** `scope` names what is listed, e.g. the project: what was chosen in another one is chosen no more. */
export function useSelection<Row>(
  keyOf: (row: Row) => string,
  current: readonly Row[],
  scope: string,
): Selection<Row> {
  const [held, setHeld] = useState<{ scope: string; chosen: ReadonlyMap<string, Row> }>({
    scope,
    chosen: new Map(),
  });
  const chosen = useMemo(() => (held.scope === scope ? held.chosen : new Map<string, Row>()), [held, scope]);
  const set = useCallback(
    (rows: readonly Row[], selected: boolean) =>
      setHeld((before) => {
        const next = new Map(before.scope === scope ? before.chosen : []);
        for (const row of rows)
          if (selected) next.set(keyOf(row), row);
          else next.delete(keyOf(row));
        return { scope, chosen: next };
      }),
    [keyOf, scope],
  );
  const clear = useCallback(() => setHeld({ scope, chosen: new Map() }), [scope]);
  // A chosen row that is on screen is taken as it is now, so that its actions are those of its present state.
  const rows = useMemo(() => {
    const fresh = new Map(current.map((row) => [keyOf(row), row]));
    return [...chosen].map(([key, row]) => fresh.get(key) ?? row);
  }, [chosen, current, keyOf]);
  return { rows, has: (key) => chosen.has(key), set, clear };
}
