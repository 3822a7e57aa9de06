/** The terminal of one shell, and how it stands. */
import { useEffect, useRef } from "react";
import { SerialTerminal } from "../console/serial-terminal.ts";
import { leaveConsole, WayOut } from "../console/way-out.tsx";
import { Button } from "../ui/Button.tsx";
import { StatusShape } from "../ui/Status.tsx";
import { type ShellState, type ShellTarget, useShell } from "./use-shell.ts";

function shellWords(state: ShellState): string {
  if (state.name === "connecting") return "Connecting";
  if (state.name === "open") return "Connected";
  return state.exitCode === null
    ? `The shell ended. ${state.message}`
    : `The shell ended with exit code ${state.exitCode}.`;
}

function toneOf(state: ShellState) {
  if (state.name === "connecting") return "working";
  if (state.name === "open") return "ok";
  return state.exitCode === 0 ? "off" : "attention";
}

export default function ShellView({ target, onClose }: { target: ShellTarget; onClose: () => void }) {
  const holder = useRef<HTMLDivElement>(null);
  const terminal = useRef<SerialTerminal | null>(null);
  const shell = useShell(target, terminal);
  const current = useRef(shell);
  useEffect(() => {
    current.current = shell;
  });
  useEffect(() => {
    if (holder.current === null) return;
    const made = new SerialTerminal(holder.current, (bytes) => current.current.type(bytes), {
      label: "Shell",
      onResize: (columns, rows) => current.current.resize(columns, rows),
    });
    terminal.current = made;
    return () => {
      made.dispose();
      terminal.current = null;
    };
  }, []);
  return (
    <div
      onKeyDownCapture={leaveConsole}
      className="flex flex-col overflow-hidden rounded-md border border-stroke"
    >
      <div
        role="toolbar"
        aria-label="Shell"
        className="flex min-h-10 flex-wrap items-center gap-2 border-b border-stroke bg-raised px-3 py-1"
      >
        <span role="status" className="flex min-w-0 flex-1 items-center gap-1.5 text-xs text-secondary">
          <StatusShape tone={toneOf(shell.state)} className="size-2.5" />
          <span className="min-w-0 break-words">{shellWords(shell.state)}</span>
        </span>
        <WayOut />
        <Button size="sm" onClick={onClose}>
          {shell.state.name === "ended" ? "Done" : "End"}
        </Button>
      </div>
      <div className="relative h-[55vh] min-h-64 bg-[#08090b]">
        <div
          ref={holder}
          data-takes-keys
          data-testid="shell-screen"
          className="absolute inset-0 overflow-hidden p-2"
        />
      </div>
    </div>
  );
}
