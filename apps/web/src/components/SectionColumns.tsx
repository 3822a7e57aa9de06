/** The sections of a page below each other; on a very wide screen in two columns, each as wide as a page elsewhere. */
import type { ReactNode } from "react";

export function SectionColumns({ children }: { children: ReactNode }) {
  return (
    <div className="@container">
      <div className="sections-in-columns">{children}</div>
    </div>
  );
}
