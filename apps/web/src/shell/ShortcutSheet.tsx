/** All shortcuts of the page that is open, by group. */
import { usePreferences } from "../components/use-preferences.ts";
import { Dialog } from "../ui/Dialog.tsx";
import { KeyHint } from "../ui/KeyHint.tsx";
import { type Shortcut, useShortcuts } from "./shortcuts.ts";

const groups = ["Everywhere", "Go to", "Lists", "This machine"] as const;
const keyWords: Record<string, string> = { "mod+k": "Ctrl K", Enter: "↵", Escape: "Esc" };

const withMod = ({ keys }: Shortcut) => keys.some((key) => key.startsWith("mod+"));

export default function ShortcutSheet({ onClose }: { onClose: () => void }) {
  const shortcuts = useShortcuts();
  const { singleKeys } = usePreferences().preferences;
  return (
    <Dialog open onClose={onClose} title="Keyboard shortcuts" width="md">
      {singleKeys ? null : (
        <p className="pb-4 text-secondary">
          Keys pressed alone do nothing now. Your menu, under your initial, makes them shortcuts again.
        </p>
      )}
      <div className="grid gap-x-8 gap-y-5 sm:grid-cols-2">
        {groups.map((group) => {
          const own = shortcuts.filter(
            (shortcut) => shortcut.group === group && (singleKeys || withMod(shortcut)),
          );
          return own.length === 0 ? null : <Group key={group} title={group} shortcuts={own} />;
        })}
      </div>
    </Dialog>
  );
}

function Group({ title, shortcuts }: { title: string; shortcuts: readonly Shortcut[] }) {
  return (
    <section>
      <h3 className="pb-1 text-xs text-tertiary">{title}</h3>
      <ul>
        {shortcuts.map((shortcut) => (
          <li key={shortcut.keys.join(" ")} className="flex min-h-8 items-center justify-between gap-3">
            <span>{shortcut.label}</span>
            <KeyHint keys={shortcut.keys.flatMap((key) => (keyWords[key] ?? key).split(" "))} />
          </li>
        ))}
      </ul>
    </section>
  );
}
