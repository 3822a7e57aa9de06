/** Which row of a list the keyboard is at. Who comes back to the list goes on from the row that was left. */
import { useCallback, useState } from "react";

/** A row's key in an object of its own: the same row made active once more is a change too. */
interface ActiveRow {
  key: string;
}

/** By path of the list. */
const left = new Map<string, ActiveRow>();

export function useActiveRow() {
  const [active, setActive] = useState(() => left.get(location.pathname));
  const activate = useCallback((key: string) => {
    const next = { key };
    left.set(location.pathname, next);
    setActive(next);
  }, []);
  return [active, activate] as const;
}
