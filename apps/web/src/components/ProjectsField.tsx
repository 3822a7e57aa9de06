/** Several projects, picked one by one. */
import { useQuery } from "@tanstack/react-query";
import { X } from "lucide-react";
import { readList } from "../api/queries.ts";
import { Combobox } from "../ui/Combobox.tsx";

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
  const query = useQuery(readList("listProjects", { query: { pageSize: 200, sort: "name" } }));
  const names = among ?? query.data?.rows.map((project) => project.name) ?? [];
  return (
    <div data-field="projects" className="flex flex-col gap-2">
      <Combobox
        label={label}
        optional
        hint={hint}
        error={error}
        value=""
        onChange={(name) => name !== "" && onChange([...value, name])}
        items={names.filter((name) => !value.includes(name)).map((name) => ({ value: name, label: name }))}
        placeholder="Add a project"
        emptyText="No other project can be added."
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
