/** The screen of a machine: noVNC on a session that comes back by itself, a slim bar, and keys for touch. */
import type { ConsoleTicket } from "@kubev/api-types/consoles";
import RFB from "@novnc/novnc";
import { useCallback, useEffect, useRef, useState } from "react";
import { ConsoleOverlay } from "./ConsoleOverlay.tsx";
import { sendCombination } from "./key-combinations.ts";
import { PasteDialog } from "./PasteDialog.tsx";
import type { OffWords } from "./off-words.ts";
import type { ConsoleLink, LinkEvents } from "./session.ts";
import { openConsoleSocket } from "./socket.ts";
import { TouchKeys } from "./TouchKeys.tsx";
import { useConsoleSession } from "./use-console-session.ts";
import { useFullscreen } from "./use-fullscreen.ts";
import { saveScreenshot } from "./screenshot.ts";
import { VncBar } from "./VncBar.tsx";
import { leaveConsole } from "./way-out.tsx";

interface VncViewProps {
  project: string;
  name: string;
  /** Whether the machine has a screen to connect to now, and if not (`off`), why. */
  running: boolean;
  off: OffWords | null;
}

export default function VncView({ project, name, running, off }: VncViewProps) {
  const frame = useRef<HTMLDivElement>(null);
  const screen = useRef<HTMLDivElement>(null);
  const rfb = useRef<RFB | null>(null);
  const [viewOnly, setViewOnly] = useState(false);
  const [scaled, setScaled] = useState(true);
  const [pasting, setPasting] = useState(false);
  const [touchKeys, setTouchKeys] = useState(() => matchMedia("(pointer: coarse)").matches);
  const fullscreen = useFullscreen(frame);

  const dial = useCallback(
    (ticket: ConsoleTicket, events: LinkEvents): ConsoleLink => connect(ticket, events, screen.current, rfb),
    [],
  );
  const { session, state } = useConsoleSession({ project, name, kind: "vnc", running, dial });
  const connected = state.name === "connected";

  useEffect(() => {
    const client = rfb.current;
    if (client === null || !connected) return;
    client.viewOnly = viewOnly;
    client.scaleViewport = scaled;
    client.clipViewport = !scaled;
    client.dragViewport = false;
    if (!pasting) client.focus({ preventScroll: true });
  }, [connected, viewOnly, scaled, pasting]);

  const sender = {
    sendKey: (keysym: number, code: string, down: boolean) => rfb.current?.sendKey(keysym, code, down),
  };
  const cannotType = !connected
    ? "The screen is not connected."
    : viewOnly
      ? "View only is on: nothing is sent to the machine."
      : undefined;

  return (
    <div ref={frame} onKeyDownCapture={leaveConsole} className="flex min-h-0 flex-1 flex-col bg-[#08090b]">
      <VncBar
        state={state}
        off={off}
        cannotType={cannotType}
        viewOnly={viewOnly}
        onViewOnly={setViewOnly}
        scaled={scaled}
        onScaled={setScaled}
        touchKeys={touchKeys}
        onTouchKeys={setTouchKeys}
        fullscreen={fullscreen.on}
        onFullscreen={fullscreen.toggle}
        onKeys={(combination) => {
          sendCombination(sender, combination.keys);
          rfb.current?.focus({ preventScroll: true });
        }}
        onPaste={() => setPasting(true)}
        onScreenshot={() => saveScreenshot(rfb.current, name)}
        onReconnect={() => session.retry()}
      />
      <div className="relative min-h-0 flex-1">
        <div
          ref={screen}
          data-takes-keys
          data-testid="vnc-screen"
          className="absolute inset-0 overflow-hidden"
        />
        <ConsoleOverlay state={state} session={session} off={off} />
      </div>
      {touchKeys ? <TouchKeys sender={sender} cannotType={cannotType} /> : null}
      {pasting ? <PasteDialog sender={sender} onClose={() => setPasting(false)} container={frame} /> : null}
    </div>
  );
}

/** Joins one ticket, one socket and one noVNC client. */
function connect(
  ticket: ConsoleTicket,
  events: LinkEvents,
  target: HTMLElement | null,
  current: { current: RFB | null },
): ConsoleLink {
  const socket = openConsoleSocket(ticket);
  let over = false;
  let closeCode = 1006;
  const end = () => {
    if (over) return;
    over = true;
    events.closed(closeCode);
  };
  // Listened to before noVNC takes the socket: it tells only that a connection ended, not why.
  socket.addEventListener("close", (event) => {
    closeCode = event.code;
    setTimeout(end, 0);
  });
  if (target === null) {
    socket.close();
    return { close: () => undefined };
  }
  target.replaceChildren();
  const client = new RFB(target, socket, { shared: true });
  client.background = "transparent";
  client.focusOnClick = true;
  client.showDotCursor = true;
  client.resizeSession = false;
  current.current = client;
  endAtStumble(socket, () => {
    client.disconnect();
    end();
  });
  client.addEventListener("connect", () => events.ready());
  client.addEventListener("securityfailure", end);
  return {
    close: () => {
      const alreadyEnded = over;
      over = true;
      if (current.current === client) current.current = null;
      if (!alreadyEnded) client.disconnect();
    },
  };
}

/**
 * noVNC takes what a guest says at its word. What makes it throw, e.g. a size that no browser can draw, or more than it keeps,
 * would leave a screen that is dead and looks alive.
 */
function endAtStumble(socket: WebSocket, stumble: () => void): void {
  const take = socket.onmessage;
  socket.onmessage = (event) => {
    try {
      take?.call(socket, event);
    } catch {
      stumble();
    }
  };
}
