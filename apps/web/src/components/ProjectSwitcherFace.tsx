/** How the project switcher looks while it is closed. */
import { ChevronsUpDown } from "lucide-react";

export const switcherClass =
  "flex h-9 w-full min-w-0 items-center gap-2 rounded-md border border-stroke bg-raised px-2.5 text-left hover:bg-hover";

export function SwitcherFace({ project }: { project: string | undefined }) {
  return (
    <>
      <span
        aria-hidden
        className="flex size-5 shrink-0 items-center justify-center rounded-sm bg-selected text-xs font-semibold text-accent uppercase"
      >
        {(project ?? "?").slice(0, 1)}
      </span>
      <span className="min-w-0 flex-1 truncate font-medium">
        {project ?? "Choose a project"}
        {project === undefined ? null : <span className="sr-only">, choose another project</span>}
      </span>
      <ChevronsUpDown size={14} strokeWidth={1.5} className="shrink-0 text-tertiary" aria-hidden />
    </>
  );
}
