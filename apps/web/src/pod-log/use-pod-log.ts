/** A container's log for React: opened once per container, comes back by itself behind its last line, ended with the view. */
import type { PodLogMessage } from "@kubev/api-types/pod-streams";
import { useEffect, useState, useSyncExternalStore } from "react";
import { call } from "../api/client.ts";
import { ConsoleSession, type ConsoleState } from "../console/session.ts";
import { openConsoleSocket } from "../console/socket.ts";
import { LogBuffer, type LogSnapshot } from "./log-buffer.ts";

/** Drawing every message by itself would cost more than reading it. */
const drawEveryMs = 100;

interface LogTarget {
  project: string;
  name: string;
  container: string;
  previous: boolean;
}

function openLog({ project, name, container, previous }: LogTarget) {
  const buffer = new LogBuffer((run) => setTimeout(run, drawEveryMs));
  const session: ConsoleSession = new ConsoleSession({
    getTicket: () =>
      call("createPodLogTicket", {
        params: { project, name },
        body: { container, previous, after: buffer.place },
      }),
    dial: (ticket, events) => {
      const socket = openConsoleSocket(ticket);
      socket.addEventListener("open", () => events.ready());
      socket.addEventListener("message", (event: MessageEvent<string>) => {
        buffer.take(JSON.parse(event.data) as PodLogMessage); // the contract of this socket
      });
      socket.addEventListener("close", ({ code }) => {
        if (buffer.isOver) session.stop();
        else events.closed(code);
      });
      return { close: () => socket.close() };
    },
    setTimer: (run, delayMs) => {
      const timer = setTimeout(run, delayMs);
      return () => clearTimeout(timer);
    },
    random: Math.random,
  });
  return { buffer, session };
}

export interface ShownLog {
  log: LogSnapshot;
  state: ConsoleState;
  /** Asks once more after it was over. */
  reopen: () => void;
}

export function usePodLog(target: LogTarget): ShownLog {
  const [{ buffer, session }] = useState(() => openLog(target));
  useEffect(() => {
    session.setRunning(true);
    return () => session.stop();
  }, [session]);
  return {
    log: useSyncExternalStore(buffer.subscribe, buffer.snapshot),
    state: useSyncExternalStore(session.subscribe, session.snapshot),
    reopen: () => {
      buffer.reopen();
      session.retry();
    },
  };
}
