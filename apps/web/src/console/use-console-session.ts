/** A console session for React: made once per machine, ended with the view. */
import type { ConsoleKind, ConsoleTicket } from "@kubev/api-types/consoles";
import { useEffect, useState, useSyncExternalStore } from "react";
import { call } from "../api/client.ts";
import { type ConsoleLink, ConsoleSession, type ConsoleState, type LinkEvents } from "./session.ts";

interface ConsoleTarget {
  project: string;
  name: string;
  kind: ConsoleKind;
  /** Whether the machine can be connected to now. */
  running: boolean;
  /** The first one given is kept. */
  dial: (ticket: ConsoleTicket, events: LinkEvents) => ConsoleLink;
}

export function useConsoleSession({ project, name, kind, running, dial }: ConsoleTarget): {
  session: ConsoleSession;
  state: ConsoleState;
} {
  const [session] = useState(
    () =>
      new ConsoleSession({
        getTicket: (takeOver) =>
          call("createConsoleTicket", { params: { project, name }, body: { kind, takeOver } }),
        dial,
        setTimer: (run, delayMs) => {
          const timer = setTimeout(run, delayMs);
          return () => clearTimeout(timer);
        },
        random: Math.random,
      }),
  );
  useEffect(() => session.setRunning(running), [session, running]);
  useEffect(() => () => session.stop(), [session]);
  return { session, state: useSyncExternalStore(session.subscribe, session.snapshot) };
}
