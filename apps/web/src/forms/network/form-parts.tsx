/** Parts of the two network forms: sections, the line of buttons, and the way to a field. */
import type { ReactNode } from "react";

export function FormSection({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="flex flex-col gap-4">
      <h2 className="border-b border-stroke pb-1.5 text-base font-semibold">{title}</h2>
      {children}
    </section>
  );
}

export function goToField(path: string): void {
  const field = document.querySelector<HTMLElement>(`[data-field="${CSS.escape(path)}"]`);
  field?.scrollIntoView({ block: "center" });
  field?.querySelector<HTMLElement>("input, textarea, select, button")?.focus({ preventScroll: true });
}

/** Lines of a text area, without empty ones. */
export function linesOf(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}
