/** Which disks a storage class is the default for, and the switch for who may change that. */
import type { StorageClassMarks as Marks } from "@kubev/api-types/disks";
import type { ObjectRow } from "@kubev/api-types/objects";
import { call } from "../api/client.ts";
import { useDeed } from "./use-deed.ts";
import { Button } from "../ui/Button.tsx";
import { Section } from "../ui/Facts.tsx";
import { StatusMark } from "../ui/Status.tsx";
import { RefusalNotice } from "./DeleteDialog.tsx";
import { disabledReason } from "./reason-of.ts";

const marks = [
  {
    key: "machines",
    title: "Disks of machines that name no class",
    yes: "They go here.",
    no: "They go elsewhere.",
  },
  {
    key: "containers",
    title: "Other claims that name no class",
    yes: "They go here.",
    no: "They go elsewhere.",
  },
] as const;

export function StorageClassMarks({ row }: { row: ObjectRow<"storage-class"> }) {
  const now: Marks = { containers: row.facts.isDefault, machines: row.facts.isDefaultForMachines };
  const set = useDeed({
    run: (next: Marks) => call("markStorageClass", { params: { name: row.name }, body: next }),
    done: () => "The default was changed.",
    shownBy: ["getObject", "listObjects", "listStorageClasses"],
  });
  const refused = disabledReason(row.actions.edit);
  return (
    <Section title="Default">
      <ul className="flex flex-col gap-3">
        {marks.map(({ key, title, yes, no }) => (
          <li key={key} className="flex flex-wrap items-center gap-x-4 gap-y-2">
            <span className="min-w-0 flex-1 basis-64">
              <StatusMark tone={now[key] ? "ok" : "off"} detail={now[key] ? yes : no}>
                {title}
              </StatusMark>
            </span>
            <Button
              size="sm"
              disabledReason={refused}
              busy={set.isPending}
              onClick={() => set.mutate({ ...now, [key]: !now[key] })}
            >
              {now[key] ? "Take the mark away" : "Make it the default"}
            </Button>
          </li>
        ))}
      </ul>
      <RefusalNotice error={set.error} />
    </Section>
  );
}
