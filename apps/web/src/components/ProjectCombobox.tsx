/** The open choice of a project: type a few letters, press Enter. */
import { Combobox } from "@base-ui/react/combobox";
import { useQuery } from "@tanstack/react-query";
import { Check } from "lucide-react";
import { readList } from "../api/queries.ts";
import { paths } from "../paths.ts";
import { SwitcherFace, switcherClass } from "./ProjectSwitcherFace.tsx";
import { useGo } from "./use-place.ts";

export default function ProjectCombobox({ project }: { project: string | undefined }) {
  const go = useGo();
  const projects = useQuery(readList("listProjects", { query: { pageSize: 200, sort: "name" } })).data;
  const names = projects?.rows.map((row) => row.name) ?? [];
  return (
    <Combobox.Root
      defaultOpen
      items={names}
      value={project ?? null}
      onValueChange={(name) => {
        if (name !== null) go(paths.vms(name));
      }}
    >
      <Combobox.Trigger className={switcherClass}>
        <SwitcherFace project={project} />
      </Combobox.Trigger>
      <Combobox.Portal>
        <Combobox.Positioner sideOffset={4} align="start" className="z-popup outline-none">
          <Combobox.Popup
            aria-label="Projects"
            className="popup-motion w-72 max-w-[92vw] rounded-lg border border-stroke bg-overlay shadow-overlay"
          >
            <div className="border-b border-stroke p-1.5">
              <Combobox.Input
                placeholder="Find a project"
                aria-label="Find a project"
                className="h-8 w-full rounded-sm bg-transparent px-2 outline-none"
              />
            </div>
            <Combobox.Empty>
              <div className="px-3 py-3 text-tertiary">No project of that name.</div>
            </Combobox.Empty>
            <Combobox.List className="max-h-80 overflow-y-auto p-1 data-empty:p-0">
              {(name: string) => (
                <Combobox.Item
                  key={name}
                  value={name}
                  className="flex min-h-8 cursor-pointer items-center gap-2 rounded-sm px-2 outline-none data-highlighted:bg-hover"
                >
                  <span className="size-4 shrink-0">
                    <Combobox.ItemIndicator>
                      <Check size={16} strokeWidth={1.75} aria-hidden />
                    </Combobox.ItemIndicator>
                  </span>
                  <span className="min-w-0 truncate">{name}</span>
                </Combobox.Item>
              )}
            </Combobox.List>
          </Combobox.Popup>
        </Combobox.Positioner>
      </Combobox.Portal>
    </Combobox.Root>
  );
}
