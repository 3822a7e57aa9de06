/** What stands over a console that is not connected: the state, why, and what can be done. */
import { formatDuration } from "../format/dates.ts";
import { errorText } from "../reasons/error-text.ts";
import { Button } from "../ui/Button.tsx";
import { StatusShape, type StatusTone } from "../ui/Status.tsx";
import type { OffWords } from "./off-words.ts";
import type { ConsoleSession, ConsoleState } from "./session.ts";

interface Words {
  tone: StatusTone;
  title: string;
  detail: string;
  raw?: string | undefined;
}

/** The state in words; `null` while connected. */
function consoleWords(state: ConsoleState, off: OffWords | null): Words | null {
  switch (state.name) {
    case "connected":
      return null;
    case "off":
      return { tone: "off", title: off?.title ?? "Not connected", detail: off?.detail ?? "", raw: off?.raw };
    case "connecting":
      return { tone: "working", title: "Connecting", detail: "" };
    case "waiting":
      return {
        tone: "attention",
        title: "Connection lost",
        detail: `${state.error === null ? "" : `${errorText(state.error).title} `}Try ${state.attempt} begins in ${formatDuration(Math.max(1000, state.delayMs))}.`,
      };
    case "busy":
      return {
        tone: "attention",
        title: "Somebody else is connected",
        detail:
          "Only one person can use this screen at a time. If you take over, the other person is disconnected.",
      };
    case "replaced":
      return {
        tone: "attention",
        title: "Somebody else took over",
        detail:
          "Your connection was ended by another person or another tab of yours. If you take over, they are disconnected.",
      };
    case "ended":
      return {
        tone: "error",
        title:
          state.cause === "rights"
            ? "You have no right to use this console"
            : state.cause === "session"
              ? "Your session has ended"
              : "The console cannot be opened",
        detail:
          state.error === null
            ? ""
            : [errorText(state.error).title, errorText(state.error).upstreamText].filter(Boolean).join(" "),
      };
  }
}

/** Why connecting again is not offered: it could displace whoever took over, unasked. */
export function reconnectRefusal(state: ConsoleState): string | undefined {
  return state.name === "replaced" ? "Somebody else took over; take over to connect again." : undefined;
}

export function ConsoleOverlay({
  state,
  session,
  off,
}: {
  state: ConsoleState;
  session: ConsoleSession;
  off: OffWords | null;
}) {
  const words = consoleWords(state, off);
  if (words === null) return null;
  return (
    <div className="absolute inset-0 z-sticky flex items-center justify-center bg-[#08090b]/80 p-4">
      <div
        role={state.name === "busy" || state.name === "replaced" ? "alertdialog" : "status"}
        aria-label={words.title}
        className="appears-late flex max-w-md flex-col gap-2 rounded-lg border border-stroke bg-overlay px-5 py-4 shadow-overlay"
      >
        <div className="flex items-center gap-2.5">
          <StatusShape tone={words.tone} />
          <h2 className="font-semibold">{words.title}</h2>
        </div>
        {words.detail === "" ? null : <p className="text-secondary text-pretty">{words.detail}</p>}
        {words.raw === undefined ? null : (
          <p className="font-mono text-xs break-words text-tertiary">{words.raw}</p>
        )}
        <div className="mt-1 flex flex-wrap gap-2 empty:hidden">
          {state.name === "busy" || state.name === "replaced" ? (
            <>
              {state.name === "busy" ? <Button onClick={() => session.retry()}>Ask again</Button> : null}
              <Button tone="danger" onClick={() => session.takeOver()}>
                Take over
              </Button>
            </>
          ) : null}
          {state.name === "waiting" || state.name === "ended" ? (
            <Button onClick={() => session.retry()}>Connect now</Button>
          ) : null}
        </div>
      </div>
    </div>
  );
}

/** The state in the console's bar: always visible. */
export function ConsoleStateMark({ state, off }: { state: ConsoleState; off: OffWords | null }) {
  const words = consoleWords(state, off);
  return (
    <span role="status" className="flex items-center gap-1.5 text-xs whitespace-nowrap text-secondary">
      <StatusShape tone={words?.tone ?? "ok"} className="size-2.5" />
      {words?.title ?? "Connected"}
    </span>
  );
}
