/** How a log stands, in words. */
import type { ConsoleState } from "../console/session.ts";
import { formatDuration } from "../format/dates.ts";
import { errorText } from "../reasons/error-text.ts";
import type { StatusTone } from "../ui/Status.tsx";
import type { LogSnapshot } from "./log-buffer.ts";

export interface LogWords {
  tone: StatusTone;
  title: string;
  /** Worth more room than the bar has. */
  detail?: string;
  canReopen?: true;
}

export function logWords(log: LogSnapshot, state: ConsoleState): LogWords {
  if (log.over !== null)
    switch (log.over.why) {
      case "ended":
        return { tone: "off", title: "Everything was read" };
      case "gone":
        return { tone: "off", title: "The pod is gone" };
      case "cut":
        return {
          tone: "attention",
          title: "The log was cut off",
          detail: `The cluster ended the stream before the log's end, and did so again each time: later lines are missing here. ${log.over.text}`,
          canReopen: true,
        };
      case "refused":
        return { tone: "error", title: "The cluster refuses", detail: log.over.text, canReopen: true };
    }
  if (log.away !== null) return { tone: "attention", title: "The cluster does not answer", detail: log.away };
  switch (state.name) {
    case "connected":
      return log.container?.state === "waiting"
        ? { tone: "working", title: "Waiting for the container" }
        : { tone: "ok", title: "Following" };
    case "waiting":
      return {
        tone: "attention",
        title: "Connection lost",
        detail: `${state.error === null ? "" : `${errorText(state.error).title} `}Try ${state.attempt} begins in ${formatDuration(Math.max(1000, state.delayMs))}. No line is lost.`,
      };
    case "ended": {
      const cause = state.error === null ? null : errorText(state.error);
      return {
        tone: "error",
        title:
          state.cause === "rights"
            ? "You have no right to read this log"
            : state.cause === "session"
              ? "Your session has ended"
              : "The log cannot be opened",
        detail: [cause?.title, cause?.upstreamText].filter(Boolean).join(" "),
        canReopen: true,
      };
    }
    default:
      return { tone: "working", title: "Connecting" };
  }
}
