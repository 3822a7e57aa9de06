/** Whether somebody is at the keyboard: an open tab that only refreshes itself must not keep a session from going idle. */

const attendedMs = 60_000;
let lastInputMs = performance.now();

if (typeof window !== "undefined")
  for (const kind of ["pointerdown", "keydown", "wheel", "touchstart"] as const)
    window.addEventListener(
      kind,
      () => {
        lastInputMs = performance.now();
      },
      { capture: true, passive: true },
    );

export function isUnattended(): boolean {
  return performance.now() - lastInputMs > attendedMs;
}
