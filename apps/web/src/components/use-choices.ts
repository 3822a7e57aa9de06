/** What a form offers to choose from: storage classes, instance types, preferences, subnets. */
import { defaultStorageClass } from "@kubev/api-types/default-storage-class";
import { useQuery } from "@tanstack/react-query";
import { read } from "../api/queries.ts";
import { formatBytes, formatCores } from "../format/numbers.ts";
import { reasonText } from "../reasons/reason-text.ts";
import type { ComboboxItem } from "../ui/choice-item.ts";
import type { SelectChoice } from "../ui/Select.tsx";

const seldom = { staleTime: 60_000 };

export function useStorageClasses() {
  const query = useQuery({ ...read("listStorageClasses", {}), ...seldom });
  const classes = query.data?.storageClasses ?? [];
  const usual = defaultStorageClass(classes);
  const choices: SelectChoice<string>[] = [
    {
      value: "",
      label: usual === undefined ? "The cluster's default" : `The cluster's default (${usual.name})`,
    },
    ...classes.map((each) => ({ value: each.name, label: each.name, disabled: each.reason !== undefined })),
  ];
  const hint = (name: string) => {
    const chosen = name === "" ? usual : classes.find((each) => each.name === name);
    if (chosen === undefined) return undefined;
    if (chosen.reason) return reasonText(chosen.reason);
    return [
      chosen.accessModes.join(", "),
      chosen.volumeMode,
      chosen.snapshots ? "takes snapshots" : "",
      chosen.expandable ? "can grow" : "",
    ]
      .filter(Boolean)
      .join(" · ");
  };
  return { query, choices, hint };
}

/** What is offered where a name must serve every project, as the defaults of an image do: only the cluster's. */
type Scope = "cluster" | "project";

const offered = <T extends { scope: string }>(choices: readonly T[], scope: Scope): T[] =>
  choices.filter((choice) => scope === "project" || choice.scope === "cluster");

export function useInstanceTypes(project: string, scope: Scope = "project") {
  const query = useQuery({ ...read("listInstanceTypes", { params: { project } }), ...seldom });
  const types = offered(query.data?.instanceTypes ?? [], scope);
  const whyOf = (type: (typeof types)[number]) =>
    type.reason === undefined ? "No host can take it." : reasonText(type.reason);
  /** Why a machine of the chosen type would not start now. */
  const whyNot = (id: string) => {
    const chosen = types.find((type) => type.id === id);
    if (chosen?.schedulable === "no") return `Cannot be scheduled here: ${whyOf(chosen)}`;
    return chosen?.schedulable === "later" ? `The machine waits for a host: ${whyOf(chosen)}` : undefined;
  };
  const items: ComboboxItem[] = types.map((type) => ({
    value: type.id,
    label: type.name,
    detail: `${formatCores(type.cpuCores)} · ${formatBytes(type.memoryBytes)}${type.gpus > 0 ? ` · ${type.gpus} GPU` : ""}`,
    group: type.scope === "cluster" ? type.group : `Of ${type.scope}`,
    disabledReason: type.schedulable === "no" ? whyOf(type) : undefined,
  }));
  return { query, types, items, whyNot };
}

export function usePreferenceChoices(project: string, scope: Scope = "project") {
  const query = useQuery({ ...read("listPreferences", { params: { project } }), ...seldom });
  const preferences = offered(query.data?.preferences ?? [], scope);
  const items: ComboboxItem[] = preferences.map((preference) => ({
    value: preference.id,
    label: preference.displayName === "" ? preference.name : preference.displayName,
    detail: preference.displayName === "" ? undefined : preference.name,
    group: preference.scope === "cluster" ? preference.osType : `Of ${preference.scope}`,
  }));
  return { query, preferences, items };
}

export function useSubnetChoices(project: string) {
  const query = useQuery({ ...read("listSubnetChoices", { params: { project } }), ...seldom });
  return { query, subnets: query.data?.subnets ?? [] };
}
