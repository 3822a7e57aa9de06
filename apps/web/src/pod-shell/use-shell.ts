/** One shell from its opening to its end. It never comes back by itself: another one would be another shell. */
import type { consoleCloseCodes } from "@kubev/api-types/consoles";
import type { PodShellCommand } from "@kubev/api-types/pod-shell";
import { type RefObject, useEffect, useRef, useState } from "react";
import { call } from "../api/client.ts";
import { SerialFilter } from "../console/serial-filter.ts";
import type { SerialTerminal } from "../console/serial-terminal.ts";
import { openConsoleSocket } from "../console/socket.ts";
import { errorText } from "../reasons/error-text.ts";
import { shellChannels, shellEnd, shellFrame, type ShellEnd } from "./shell-frames.ts";

export interface ShellTarget {
  project: string;
  pod: string;
  container: string;
  command: PodShellCommand;
  confirmed: boolean;
}

export type ShellState =
  | { name: "connecting" }
  | { name: "open" }
  | { name: "ended"; exitCode: number | null; message: string };

/** The contract's own close codes; its module carries schemas and stays out of the browser. */
const closeCodes: Pick<typeof consoleCloseCodes, "rightsRevoked" | "sessionEnded"> = {
  rightsRevoked: 4403,
  sessionEnded: 4401,
};

function endOf(said: ShellEnd | null, code: number, reason: string): ShellState {
  if (said !== null) return { name: "ended", ...said };
  const message =
    code === closeCodes.rightsRevoked
      ? "You have no right to run commands in this pod any more."
      : code === closeCodes.sessionEnded
        ? "Your session has ended."
        : reason === ""
          ? "The connection was lost."
          : reason;
  return { name: "ended", exitCode: null, message };
}

export function useShell(target: ShellTarget, terminal: RefObject<SerialTerminal | null>) {
  const [state, setState] = useState<ShellState>({ name: "connecting" });
  const socket = useRef<WebSocket | null>(null);
  const send = (frame: Uint8Array<ArrayBuffer>) => {
    if (socket.current?.readyState === WebSocket.OPEN) socket.current.send(frame);
  };
  const { project, pod, container, command, confirmed } = target;
  useEffect(() => {
    let left = false;
    let said: ShellEnd | null = null;
    const decoder = new TextDecoder();
    const filter = new SerialFilter();
    const receive = (data: ArrayBuffer) => {
      const [channel] = new Uint8Array(data, 0, Math.min(1, data.byteLength));
      const payload = new Uint8Array(data, Math.min(1, data.byteLength));
      if (channel === shellChannels.end) said = shellEnd(new TextDecoder().decode(payload));
      else if (channel === shellChannels.written || channel === shellChannels.errors)
        terminal.current?.write(filter.push(decoder.decode(payload, { stream: true })));
    };
    const begin = async () => {
      const ticket = await call("createPodShellTicket", {
        params: { project, name: pod },
        body: { container, command, confirmed },
      });
      if (left) return;
      const opened = openConsoleSocket(ticket);
      socket.current = opened;
      opened.addEventListener("open", () => {
        const { columns, rows } = terminal.current?.size() ?? { columns: 80, rows: 24 };
        opened.send(shellFrame(shellChannels.size, JSON.stringify({ Width: columns, Height: rows })));
        setState({ name: "open" });
        terminal.current?.focus();
      });
      opened.addEventListener("message", (event: MessageEvent<ArrayBuffer>) => receive(event.data));
      opened.addEventListener("close", ({ code, reason }) => {
        if (!left) setState(endOf(said, code, reason));
      });
    };
    begin().catch((error: unknown) => {
      const { title, upstreamText } = errorText(error);
      if (!left)
        setState({
          name: "ended",
          exitCode: null,
          message: [title, upstreamText].filter((part) => part !== undefined).join(" "),
        });
    });
    return () => {
      left = true;
      socket.current?.close();
      socket.current = null;
    };
  }, [project, pod, container, command, confirmed, terminal]);
  return {
    state,
    type: (bytes: Uint8Array) => send(shellFrame(shellChannels.typed, bytes)),
    resize: (columns: number, rows: number) =>
      send(shellFrame(shellChannels.size, JSON.stringify({ Width: columns, Height: rows }))),
  };
}
