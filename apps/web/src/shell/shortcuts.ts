/** Keyboard shortcuts: one listener, sequences such as "g v", and a register that the `?` sheet shows. */
import { useEffect, useRef, useSyncExternalStore } from "react";

export interface Shortcut {
  /** Keys pressed one after the other, e.g. ["g", "v"] or ["/"]. `mod+k` is Ctrl or ⌘ with k. */
  keys: readonly string[];
  label: string;
  group: "Everywhere" | "Go to" | "Lists" | "This machine";
  run: () => void;
}

const register = new Set<{ current: Shortcut }>();
const listeners = new Set<() => void>();
let snapshot: readonly Shortcut[] = [];
let typed: string[] = [];
let typedAt = 0;
let singleKeys = true;

function changed(): void {
  snapshot = [...register].map((entry) => entry.current);
  for (const listener of listeners) listener();
}

const sequenceMs = 1200;

/** Whether keys typed into `target` are text, not commands. */
function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable ||
      target.closest("input, textarea, select, [role='combobox'], [data-takes-keys]") !== null)
  );
}

function nameOf(event: KeyboardEvent): string {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  return event.ctrlKey || event.metaKey ? `mod+${key}` : key;
}

function onKeyDown(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.altKey || event.isComposing) return;
  const name = nameOf(event);
  if ((!singleKeys || isTyping(event.target)) && !name.startsWith("mod+")) return;
  if (document.querySelector("[role='dialog'], [role='alertdialog']") && name !== "mod+k") return;
  const now = event.timeStamp;
  typed = now - typedAt > sequenceMs ? [name] : [...typed, name].slice(-2);
  typedAt = now;
  const matches = (keys: readonly string[]) =>
    keys.length <= typed.length &&
    keys.every((key, index) => key === typed[typed.length - keys.length + index]);
  const found = [...register]
    .map((entry) => entry.current)
    .filter((shortcut) => matches(shortcut.keys))
    .sort((a, b) => b.keys.length - a.keys.length)[0];
  if (found === undefined) return;
  event.preventDefault();
  typed = [];
  found.run();
}

/** Text typed for a field that is not there yet, and how it is given up; null while keys go where they go. */
let held: { text: string; giveUp: () => void } | null = null;

/** From now on nothing on the page gets a key, until `releaseKeys`: what is typed may be meant for no machine. */
export function holdKeys(giveUp: () => void): void {
  held ??= { text: "", giveUp };
}

/** Lets keys go where they go again; returns what was typed meanwhile. */
export function releaseKeys(): string {
  const text = held?.text ?? "";
  held = null;
  return text;
}

function holdKey(event: KeyboardEvent): void {
  // AltGr is both; the browser's own shortcuts stay its own
  if (held === null || event.metaKey || (event.ctrlKey && !event.altKey)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (event.key === "Escape") held.giveUp();
  else if (event.key === "Backspace") held.text = held.text.slice(0, -1);
  else if (event.key.length === 1) held.text += event.key;
}

/** Whether keys pressed alone are commands: speech and slips of the hand would press them too (WCAG 2.1.4). */
export function takeSingleKeys(take: boolean): void {
  singleKeys = take;
}

/** Installs the listener; returns how to remove it. */
export function listenForShortcuts(): () => void {
  addEventListener("keydown", holdKey, true);
  addEventListener("keydown", onKeyDown);
  return () => {
    releaseKeys();
    removeEventListener("keydown", holdKey, true);
    removeEventListener("keydown", onKeyDown);
  };
}

/** Offers a shortcut while the component is on screen. */
export function useShortcut(shortcut: Shortcut): void {
  const entry = useRef(shortcut);
  useEffect(() => {
    entry.current = shortcut;
  });
  useEffect(() => {
    register.add(entry);
    changed();
    return () => {
      register.delete(entry);
      changed();
    };
  }, []);
}

export function useShortcuts(): readonly Shortcut[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => snapshot,
  );
}
