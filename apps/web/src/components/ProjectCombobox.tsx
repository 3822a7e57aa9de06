/** The open choice of a project: type a few letters, press Enter. */
import { Combobox } from "@base-ui/react/combobox";
import { pageOf } from "../api/queries.ts";
import { paths } from "../paths.ts";
import { ChoiceList } from "../ui/ChoicePopup.tsx";
import { type ComboboxItem, offeredOf } from "../ui/choice-item.ts";
import { useTyped } from "../ui/use-typed.ts";
import { SwitcherFace, switcherClass } from "./ProjectSwitcherFace.tsx";
import { useListChoice } from "./use-list-choice.ts";
import { useGo } from "./use-place.ts";

const itemOf = (name: string): ComboboxItem => ({ value: name, label: name });

export default function ProjectCombobox({ project }: { project: string | undefined }) {
  const go = useGo();
  const { items, search } = useListChoice({
    page: (query) => pageOf("listProjects", { query }),
    toItem: ({ name }) => itemOf(name),
    // the present one is known by its name
    value: "",
    many: "projects",
  });
  const { text, typed, ...listeners } = useTyped(search);
  const { offered, more } = offeredOf(items, typed, search);
  return (
    <Combobox.Root
      defaultOpen
      items={offered}
      filter={null}
      value={project === undefined ? null : itemOf(project)}
      onValueChange={(item: ComboboxItem | null) => {
        if (item !== null) go(paths.vms(item.value));
      }}
      inputValue={text ?? ""}
      {...listeners}
      itemToStringLabel={(item: ComboboxItem) => item.label}
      isItemEqualToValue={(a: ComboboxItem, b: ComboboxItem) => a.value === b.value}
    >
      <Combobox.Trigger className={switcherClass}>
        <SwitcherFace project={project} />
      </Combobox.Trigger>
      <Combobox.Portal>
        <Combobox.Positioner sideOffset={4} align="start" className="z-popup outline-none">
          <Combobox.Popup
            aria-label="Projects"
            className="popup-motion flex max-h-[min(400px,var(--available-height))] w-72 max-w-[92vw] flex-col rounded-lg border border-stroke bg-overlay shadow-overlay"
          >
            <div className="shrink-0 border-b border-stroke p-1.5">
              <Combobox.Input
                placeholder="Find a project"
                aria-label="Find a project"
                className="h-8 w-full rounded-sm bg-transparent px-2 outline-none"
              />
            </div>
            <ChoiceList
              offered={offered}
              more={more}
              search={search}
              emptyText="There is no project of that name."
            />
          </Combobox.Popup>
        </Combobox.Positioner>
      </Combobox.Portal>
    </Combobox.Root>
  );
}
