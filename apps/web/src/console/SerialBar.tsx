/** The bar over a serial console: state, search, copy, log. */
import { ChevronDown, ChevronUp, Copy, Download, Eraser, RefreshCw } from "lucide-react";
import { type RefObject, useState } from "react";
import { toast } from "../ui/toast.ts";
import { offerFile } from "../table/csv.ts";
import { IconButton } from "../ui/Button.tsx";
import { cx } from "../ui/cx.ts";
import { ConsoleStateMark, reconnectRefusal } from "./ConsoleOverlay.tsx";
import type { SerialTerminal } from "./serial-terminal.ts";
import type { OffWords } from "./off-words.ts";
import type { ConsoleState } from "./session.ts";
import { WayOut } from "./way-out.tsx";

interface SerialBarProps {
  state: ConsoleState;
  off: OffWords | null;
  terminal: RefObject<SerialTerminal | null>;
  machine: string;
  onReconnect: () => void;
}

const icon = { size: 16, strokeWidth: 1.5, "aria-hidden": true } as const;

export function SerialBar({ state, off, terminal, machine, onReconnect }: SerialBarProps) {
  const [wanted, setWanted] = useState("");
  const [missed, setMissed] = useState(false);
  const find = (backwards: boolean) => {
    if (wanted !== "") setMissed(terminal.current?.find(wanted, backwards) === false);
  };
  const copy = () => {
    const text = terminal.current?.selection() ?? "";
    if (text === "") toast.info("Select some text in the console first.");
    else void navigator.clipboard.writeText(text).then(() => toast.success("Copied."));
  };
  return (
    <div
      role="toolbar"
      aria-label="Serial console"
      className="flex h-10 shrink-0 items-center gap-1 overflow-x-auto border-b border-stroke bg-raised px-3 md:px-5"
    >
      <ConsoleStateMark state={state} off={off} />
      <WayOut />
      <form
        role="search"
        className="ml-auto flex items-center gap-1"
        onSubmit={(event) => {
          event.preventDefault();
          find(true);
        }}
      >
        <input
          type="search"
          aria-label="Search the console's text"
          placeholder="Search"
          value={wanted}
          onChange={(event) => {
            setWanted(event.target.value);
            setMissed(false);
          }}
          className={cx(
            "h-7 w-20 rounded-md border bg-transparent px-2 text-xs sm:w-44",
            missed ? "border-attention" : "border-control/60",
          )}
        />
        <span role="status" className="text-xs text-attention">
          {missed ? "Not found" : ""}
        </span>
        <IconButton
          size="sm"
          className="max-sm:hidden"
          aria-label="Previous match"
          icon={<ChevronUp {...icon} />}
          onClick={() => find(true)}
        />
        <IconButton
          size="sm"
          className="max-sm:hidden"
          aria-label="Next match"
          icon={<ChevronDown {...icon} />}
          onClick={() => find(false)}
        />
      </form>
      <IconButton size="sm" aria-label="Copy the selected text" icon={<Copy {...icon} />} onClick={copy} />
      <IconButton
        size="sm"
        aria-label="Download the log"
        icon={<Download {...icon} />}
        onClick={() => offerFile(`${machine}-serial.log`, [terminal.current?.text() ?? ""], "text/plain")}
      />
      <IconButton
        size="sm"
        aria-label="Clear what is shown"
        icon={<Eraser {...icon} />}
        onClick={() => terminal.current?.clear()}
      />
      <IconButton
        size="sm"
        aria-label="Connect again"
        icon={<RefreshCw {...icon} />}
        disabledReason={reconnectRefusal(state)}
        onClick={onReconnect}
      />
    </div>
  );
}
