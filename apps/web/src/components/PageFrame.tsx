/** A page of the platform that is no list and no object: its title, what it takes to narrow it, and what to read. */
import type { ReactNode } from "react";
import { TabBody } from "./TabBody.tsx";

export function PageFrame({
  title,
  aside,
  children,
}: {
  title: string;
  aside?: ReactNode;
  children: ReactNode;
}) {
  return (
    <div className="flex h-full min-h-0 flex-col">
      <header className="flex flex-wrap items-end justify-between gap-x-6 gap-y-3 border-b border-stroke px-3 pt-4 pb-3 md:px-5">
        <h1 className="text-xl font-semibold tracking-tight">{title}</h1>
        {aside}
      </header>
      <div className="min-h-0 flex-1 overflow-y-auto">
        <TabBody>{children}</TabBody>
      </div>
    </div>
  );
}
