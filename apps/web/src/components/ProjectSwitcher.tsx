/** Which project the page is about, and the way to another one; the choice itself is loaded when it is first opened. */
import { lazy, Suspense, useState } from "react";
import { useWhenIdle } from "../ui/use-when-idle.ts";
import { SwitcherFace, switcherClass } from "./ProjectSwitcherFace.tsx";

const load = () => import("./ProjectCombobox.tsx");
const ProjectCombobox = lazy(load);

export function ProjectSwitcher({ project }: { project: string | undefined }) {
  const [wanted, setWanted] = useState(false);
  useWhenIdle(load);
  const closed = (
    <button
      type="button"
      aria-haspopup="listbox"
      aria-expanded={false}
      className={switcherClass}
      onClick={() => setWanted(true)}
      onPointerEnter={() => void load()}
    >
      <SwitcherFace project={project} />
    </button>
  );
  return wanted ? (
    <Suspense fallback={closed}>
      <ProjectCombobox project={project} />
    </Suspense>
  ) : (
    closed
  );
}
