/** A machine's state: shape, word, and the one cause beside it. */
import type { VmState } from "@kubev/api-types/virtual-machines";
import { reasonText, reasonWithCause } from "../reasons/reason-text.ts";
import { StatusMark } from "../ui/Status.tsx";
import { statusWords } from "./vm-words.ts";

export function VmStatus({ state, full = false }: { state: VmState; full?: boolean | undefined }) {
  const detail =
    state.reason === undefined ? undefined : full ? reasonWithCause(state.reason) : reasonText(state.reason);
  return (
    <span
      className="flex min-w-0"
      title={state.reason === undefined ? undefined : reasonWithCause(state.reason)}
    >
      <StatusMark tone={state.tone} detail={full ? undefined : detail}>
        {statusWords[state.status]}
      </StatusMark>
    </span>
  );
}
