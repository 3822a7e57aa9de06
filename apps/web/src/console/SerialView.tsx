/** The serial console: xterm.js behind a filter, on a session that comes back by itself. No clipboard add-on, no links. */
import type { ConsoleTicket } from "@kubev/api-types/consoles";
import { useCallback, useEffect, useRef, useState } from "react";
import { ConsoleOverlay } from "./ConsoleOverlay.tsx";
import { SerialBar } from "./SerialBar.tsx";
import { SerialFilter } from "./serial-filter.ts";
import { SerialTerminal } from "./serial-terminal.ts";
import type { OffWords } from "./off-words.ts";
import type { ConsoleLink, LinkEvents } from "./session.ts";
import { openConsoleSocket } from "./socket.ts";
import { useConsoleSession } from "./use-console-session.ts";
import { leaveConsole } from "./way-out.tsx";

interface SerialViewProps {
  project: string;
  name: string;
  running: boolean;
  off: OffWords | null;
}

export default function SerialView({ project, name, running, off }: SerialViewProps) {
  const holder = useRef<HTMLDivElement>(null);
  const terminal = useRef<SerialTerminal | null>(null);
  const socket = useRef<WebSocket | null>(null);
  /** Until the guest wrote its first byte. */
  const [silent, setSilent] = useState(true);

  useEffect(() => {
    if (holder.current === null) return;
    const made = new SerialTerminal(holder.current, (bytes) => {
      if (socket.current?.readyState === WebSocket.OPEN) socket.current.send(bytes);
    });
    terminal.current = made;
    return () => {
      made.dispose();
      terminal.current = null;
    };
  }, []);

  const dial = useCallback((ticket: ConsoleTicket, events: LinkEvents): ConsoleLink => {
    const opened = openConsoleSocket(ticket);
    const filter = new SerialFilter();
    const decoder = new TextDecoder();
    socket.current = opened;
    opened.addEventListener("open", () => events.ready());
    opened.addEventListener("message", (event: MessageEvent<unknown>) => {
      if (!(event.data instanceof ArrayBuffer)) return;
      setSilent(false);
      terminal.current?.write(filter.push(decoder.decode(event.data, { stream: true })));
    });
    opened.addEventListener("close", (event) => events.closed(event.code));
    return { close: () => opened.close() };
  }, []);

  const { session, state } = useConsoleSession({ project, name, kind: "serial", running, dial });
  const connected = state.name === "connected";
  useEffect(() => {
    if (connected) terminal.current?.focus();
  }, [connected]);

  return (
    <div onKeyDownCapture={leaveConsole} className="flex min-h-0 flex-1 flex-col bg-[#08090b]">
      <SerialBar
        state={state}
        off={off}
        terminal={terminal}
        machine={name}
        onReconnect={() => session.retry()}
      />
      <div className="relative min-h-0 flex-1">
        <div
          ref={holder}
          data-takes-keys
          data-testid="serial-screen"
          className="absolute inset-0 overflow-hidden p-2"
        />
        {connected && silent ? (
          <p className="pointer-events-none absolute top-3 left-4 text-sm text-[#9aa0a8]">
            The guest has written nothing yet. Press Enter to see whether it listens.
          </p>
        ) : null}
        <ConsoleOverlay state={state} session={session} off={off} />
      </div>
    </div>
  );
}
