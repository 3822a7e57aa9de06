/** The frame of a tab that is a page to read, not a console. */
import type { ReactNode } from "react";

export function TabBody({ children }: { children: ReactNode }) {
  return <div className="flex flex-col gap-7 px-3 py-5 md:px-5">{children}</div>;
}
