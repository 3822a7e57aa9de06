/** What is typed into a field that chooses among many, told to whoever searches. */
import { useState } from "react";
import type { ItemSearch } from "./choice-item.ts";

/** `text`: what is typed, null while the field shows what is chosen. `typed`: what the open list is narrowed by. */
export function useTyped(search: ItemSearch | undefined) {
  const [text, setText] = useState<string | null>(null);
  const [typed, setTyped] = useState("");
  const narrow = (next: string) => {
    setTyped(next);
    search?.onSearch(next);
  };
  return {
    text,
    typed,
    /** What is written into the field by itself, e.g. the name of the chosen one, is no search; the list closes as it stands. */
    onInputValueChange: (next: string, { reason }: { reason: string }) => {
      const isTyped = reason === "input-change";
      setText(isTyped ? next : null);
      if (isTyped) narrow(next);
    },
    /** Opened again before it had wholly closed, the list forgets what it was narrowed by all the same. */
    onOpenChange: (open: boolean, { reason }: { reason: string }) => {
      if (!open) return;
      if (reason !== "input-change" && typed !== "") narrow("");
      search?.onRead();
    },
    onOpenChangeComplete: (open: boolean) => {
      if (open) return;
      setText(null);
      if (typed !== "") narrow("");
    },
  };
}
