/** Whether what is on screen follows the cluster right now. */
import { useLiveState } from "../api/live/use-live.ts";
import { StatusShape } from "../ui/Status.tsx";
import { Tooltip } from "../ui/Tooltip.tsx";

const words = {
  live: { tone: "ok", word: "Live", detail: "What you see changes as the cluster changes." },
  connecting: { tone: "working", word: "Connecting", detail: "Connecting to the live feed." },
  waiting: {
    tone: "attention",
    word: "Not live",
    detail: "The live connection is down. It is tried again by itself; what you see may be out of date.",
  },
  partly: {
    tone: "attention",
    word: "Not all live",
    detail: "The server does not tell of something on this page. It is asked again; reload to be sure.",
  },
  idle: { tone: "off", word: "Not live", detail: "The live connection is not open." },
} as const;

export function LiveIndicator() {
  const { tone, word, detail } = words[useLiveState()];
  return (
    <Tooltip content={detail}>
      <button
        type="button"
        aria-label={`${word}. ${detail}`}
        className="flex h-8 cursor-default items-center gap-1.5 rounded-md px-1.5 text-secondary"
      >
        <StatusShape tone={tone} className="size-2.5" />
        <span className="hidden xl:inline">{word}</span>
      </button>
    </Tooltip>
  );
}
