/** Dark, light or as the system has it. The choice is the user's preference on the server; this tab keeps a copy so that the first paint is right. */
export type ThemeChoice = "system" | "dark" | "light";

const storageKey = "kubev.theme";
const systemDark = () => matchMedia("(prefers-color-scheme: dark)");

function apply(choice: ThemeChoice): void {
  const dark = choice === "dark" || (choice === "system" && systemDark().matches);
  document.documentElement.dataset["theme"] = dark ? "dark" : "light";
}

function remembered(): ThemeChoice {
  try {
    const kept = localStorage.getItem(storageKey);
    return kept === "dark" || kept === "light" ? kept : "system";
  } catch {
    return chosen;
  }
}

/** Of this page, where nothing can be remembered. */
let chosen: ThemeChoice = "system";

/** Shows `choice` now and remembers it for the next first paint. */
export function setTheme(choice: ThemeChoice): void {
  chosen = choice;
  try {
    localStorage.setItem(storageKey, choice);
  } catch {
    // Storage is forbidden here: the choice still holds for this page.
  }
  apply(choice);
}

/** Follows the system's theme whenever that is what was chosen, signed in or not; returns how to stop. */
export function followSystem(): () => void {
  const media = systemDark();
  const onChange = () => apply(remembered());
  media.addEventListener("change", onChange);
  return () => media.removeEventListener("change", onChange);
}
