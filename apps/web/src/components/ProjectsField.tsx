/** Several projects, picked one by one. */
import { X } from "lucide-react";
import { pageOf } from "../api/queries.ts";
import { Combobox } from "../ui/Combobox.tsx";
import { useListChoice } from "./use-list-choice.ts";

interface ProjectsFieldProps {
  label: string;
  hint: string;
  error: string | undefined;
  value: readonly string[];
  onChange: (value: string[]) => void;
  /** Only these can be picked; undefined for every project. */
  among?: readonly string[] | undefined;
}

export function ProjectsField({ label, hint, error, value, onChange, among }: ProjectsFieldProps) {
  const itemOf = (name: string) => ({
    value: name,
    label: name,
    disabledReason: value.includes(name) ? "It is chosen already." : undefined,
  });
  const found = useListChoice({
    page: (query) => pageOf("listProjects", { query }),
    toItem: ({ name }) => itemOf(name),
    value: "",
    many: "projects",
    enabled: among === undefined,
  });
  return (
    <div data-field="projects" className="flex flex-col gap-2">
      <Combobox
        label={label}
        optional
        hint={hint}
        error={error}
        value=""
        onChange={(name) => name !== "" && onChange([...value, name])}
        items={among?.map(itemOf) ?? found.items}
        search={among === undefined ? found.search : undefined}
        placeholder="Add a project"
        emptyText="No project of that name can be added."
      />
      {value.length === 0 ? null : (
        <ul className="flex flex-wrap gap-1.5">
          {value.map((name) => (
            <li
              key={name}
              className="flex max-w-full items-center gap-1 rounded-md border border-stroke bg-sunken pl-2"
            >
              <span className="truncate">{name}</span>
              <button
                type="button"
                aria-label={`Remove ${name}`}
                onClick={() => onChange(value.filter((other) => other !== name))}
                className="flex size-6 items-center justify-center rounded-md text-tertiary hover:text-content"
              >
                <X size={14} strokeWidth={1.5} aria-hidden />
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
