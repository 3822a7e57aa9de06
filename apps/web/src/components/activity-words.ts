/** The audit trail's action names as sentences: what somebody did, or only tried to do. */
import type { ActivityRow } from "@kubev/api-types/activity";
import type { SignInMode } from "@kubev/api-types/session";
import { formatBytes } from "../format/numbers.ts";

interface DeedWords {
  /** After "tried to". */
  base: string;
  past: string;
  /** Between the deed and its object, e.g. "of". */
  link?: string;
}

const words: Record<string, DeedWords> = {
  create: { base: "create", past: "created" },
  "sign-in": { base: "sign in", past: "signed in", link: "by" },
  "sign-out": { base: "sign out", past: "signed out", link: "of the session by" },
  "provider-sign-out": { base: "be signed out", past: "was signed out", link: "by" },
  update: { base: "change", past: "changed" },
  edit: { base: "change", past: "changed", link: "the YAML of" },
  delete: { base: "delete", past: "deleted" },
  upload: { base: "upload", past: "uploaded" },
  start: { base: "start", past: "started" },
  startPaused: { base: "start in pause", past: "started in pause" },
  stop: { base: "stop", past: "stopped" },
  forceStop: { base: "force stop", past: "force stopped" },
  restart: { base: "restart", past: "restarted" },
  forceRestart: { base: "force restart", past: "force restarted" },
  pause: { base: "pause", past: "paused" },
  unpause: { base: "resume", past: "resumed" },
  reset: { base: "reset", past: "reset" },
  migrate: { base: "move", past: "moved" },
  cancelMigration: { base: "cancel the migration", past: "cancelled the migration", link: "of" },
  configure: { base: "change the settings", past: "changed the settings", link: "of" },
  attachDisk: { base: "attach a disk", past: "attached a disk", link: "to" },
  detachDisk: { base: "detach a disk", past: "detached a disk", link: "from" },
  insertMedia: { base: "insert a medium", past: "inserted a medium", link: "into" },
  ejectMedia: { base: "eject a medium", past: "ejected a medium", link: "from" },
  attachNic: { base: "add an interface", past: "added an interface", link: "to" },
  detachNic: { base: "remove an interface", past: "removed an interface", link: "from" },
  snapshot: { base: "take a snapshot", past: "took a snapshot", link: "of" },
  restore: { base: "restore", past: "restored" },
  clone: { base: "clone", past: "cloned" },
  softReboot: { base: "reboot", past: "rebooted", link: "the guest of" },
  show: { base: "read a value", past: "read a value", link: "of" },
  scale: { base: "scale", past: "scaled" },
  suspend: { base: "suspend", past: "suspended" },
  resume: { base: "resume", past: "resumed" },
  run: { base: "run", past: "ran" },
  cordon: { base: "cordon", past: "cordoned" },
  uncordon: { base: "uncordon", past: "uncordoned" },
  drain: { base: "drain", past: "drained" },
  "cancel-drain": { base: "cancel the drain", past: "cancelled the drain", link: "of" },
  evict: { base: "move away", past: "moved away" },
  "console.vnc.open": { base: "open the screen", past: "opened the screen", link: "of" },
  "console.vnc.close": { base: "close the screen", past: "closed the screen", link: "of" },
  "console.vnc.takeover": { base: "take over the screen", past: "took over the screen", link: "of" },
  "console.serial.open": { base: "open the serial console", past: "opened the serial console", link: "of" },
  "console.shell.open": { base: "open a shell", past: "opened a shell", link: "in" },
  "console.shell.close": { base: "close a shell", past: "closed a shell", link: "in" },
  "console.serial.close": { base: "close the serial console", past: "closed the serial console", link: "of" },
};

/** `stopped`, `tried to open the screen of`; the object follows. An unknown action is shown as it is. */
export function activityWords({ action, outcome }: Pick<ActivityRow, "action" | "outcome">): string {
  const deed = words[action];
  if (deed === undefined) return `${action}:`;
  const did = outcome === "refused" || outcome === "failed" ? `tried to ${deed.base}` : deed.past;
  return deed.link === undefined ? did : `${did} ${deed.link}`;
}

const signInWords: Readonly<Record<string, string>> = {
  oidc: "identity provider",
  token: "token",
  kubeconfig: "kubeconfig file",
} satisfies Record<SignInMode, string>;

/** What the deed was done to, as people call it. */
export function targetWords({ noun, name }: Pick<ActivityRow, "noun" | "name">): string {
  return noun === "session" ? (signInWords[name] ?? name) : name;
}

/** What went through a console session, `1.1 MiB received, 208 B sent`; `null` when the row is about something else. */
export function sessionBytes(diff: ActivityRow["diff"]): string | null {
  const at = (path: string) => diff.find((change) => change.path === path)?.new;
  const shown = at("/bytesToBrowser");
  const typed = at("/bytesToMachine");
  return typeof shown === "number" && typeof typed === "number"
    ? `${formatBytes(shown)} received, ${formatBytes(typed)} sent`
    : null;
}
