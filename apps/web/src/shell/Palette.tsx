/** ⌘K: one field that finds objects on the server, pages and actions. */
import { Dialog } from "@base-ui/react/dialog";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { CornerDownLeft, Search } from "lucide-react";
import { type KeyboardEvent, useDeferredValue, useEffect, useRef, useState } from "react";
import { read } from "../api/queries.ts";
import { linkOf } from "../components/resource-link.ts";
import { useGo, useProject } from "../components/use-place.ts";
import { usePreferences } from "../components/use-preferences.ts";
import { useSession } from "../components/use-session.ts";
import { errorLine } from "../reasons/error-text.ts";
import { cx } from "../ui/cx.ts";
import { StatusShape } from "../ui/Status.tsx";
import { releaseKeys } from "./shortcuts.ts";
import { useObjectNouns } from "./use-object-nouns.ts";
import { commandsFor, hitEntries, matchEntries, type PaletteEntry } from "./palette-entries.ts";

export default function Palette({ onClose }: { onClose: () => void }) {
  const [text, setText] = useState("");
  const [active, setActive] = useState(0);
  const listRef = useRef<HTMLDivElement>(null);
  const q = useDeferredValue(text.trim());
  const go = useGo();
  const project = useProject();
  const { areas } = useSession();
  const { update } = usePreferences();
  const found = useQuery({
    ...read("search", { query: { q, limit: 12 } }),
    enabled: q.length > 0,
    placeholderData: keepPreviousData,
  });
  const offered = useObjectNouns(project);
  const nouns = [
    ...offered.project.map((noun) => ({ noun, project })),
    ...offered.platform.map((noun) => ({ noun, project: undefined })),
  ];
  const { secrets } = offered;
  const setTheme: Parameters<typeof commandsFor>[0]["setTheme"] = (theme) => update({ theme });
  const commands = commandsFor({ project, areas, nouns, secrets, go, setTheme });
  const hits =
    q === ""
      ? []
      : hitEntries(found.data?.hits ?? [], (ref) => {
          const to = linkOf(ref);
          return to === undefined ? undefined : () => go(to);
        });
  const entries: PaletteEntry[] = [...hits, ...matchEntries(commands, q)];
  const failed = q !== "" && !found.isFetching && found.error !== null;
  const current = Math.min(active, Math.max(0, entries.length - 1));

  useEffect(() => {
    listRef.current?.querySelector(`[data-index="${current}"]`)?.scrollIntoView({ block: "nearest" });
  }, [current]);

  const choose = (entry: PaletteEntry | undefined) => {
    if (entry === undefined) return;
    onClose();
    entry.run();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step !== 0 && entries.length > 0) {
      event.preventDefault();
      setActive((current + step + entries.length) % entries.length);
    } else if (event.key === "Enter") {
      event.preventDefault();
      choose(entries[current]);
    }
  };

  return (
    <Dialog.Root open onOpenChange={onClose}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-overlay bg-backdrop" />
        <Dialog.Popup className="fixed top-[12vh] left-1/2 z-overlay flex max-h-[70vh] w-[600px] max-w-[calc(100vw-24px)] -translate-x-1/2 flex-col overflow-hidden rounded-lg border border-stroke bg-overlay shadow-overlay outline-none">
          <Dialog.Title className="sr-only">Search everywhere</Dialog.Title>
          <div className="flex items-center gap-3 border-b border-stroke px-4">
            <Search size={16} strokeWidth={1.5} className="shrink-0 text-tertiary" aria-hidden />
            <input
              role="combobox"
              aria-label="Search everything by name, address or label"
              aria-expanded
              aria-controls="palette-list"
              aria-activedescendant={entries.length === 0 ? undefined : `palette-${current}`}
              placeholder="Anything by name or address, pages, actions"
              value={text}
              onFocus={() => {
                const typed = releaseKeys();
                setText((before) => before + typed);
              }}
              onChange={(event) => {
                setText(event.target.value);
                setActive(0);
              }}
              onKeyDown={onKeyDown}
              className="h-12 w-full bg-transparent text-base outline-none"
            />
          </div>
          <div
            ref={listRef}
            id="palette-list"
            role="listbox"
            aria-label="Results"
            className="overflow-y-auto p-1.5"
          >
            {entries.map((entry, index) => (
              <div
                key={entry.id}
                id={`palette-${index}`}
                data-index={index}
                role="option"
                aria-selected={index === current}
                tabIndex={-1}
                onPointerMove={() => setActive(index)}
                onClick={() => choose(entry)}
                onKeyDown={onKeyDown}
                className={cx(
                  "flex min-h-9 items-center gap-3 rounded-md px-2.5 py-1",
                  index === current && "bg-hover",
                )}
              >
                {entry.tone === undefined ? null : <StatusShape tone={entry.tone} />}
                <span className="min-w-0 truncate">{entry.title}</span>
                <span className="min-w-0 flex-1 truncate text-xs text-tertiary">{entry.detail}</span>
                {index === current ? (
                  <CornerDownLeft
                    size={14}
                    strokeWidth={1.5}
                    className="shrink-0 text-tertiary"
                    aria-hidden
                  />
                ) : null}
              </div>
            ))}
            {entries.length === 0 || failed ? (
              <p role="status" className="px-3 py-6 text-center text-tertiary">
                {failed
                  ? `The search failed. ${errorLine(found.error)}`
                  : found.isFetching
                    ? "Searching"
                    : `Nothing that you may see matches "${q}".`}
              </p>
            ) : null}
          </div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
