/** The way to a machine that is to be copied: clones and machines from snapshots are made on its own page, with all their choices. */
import { pageOf } from "../../api/queries.ts";
import { ButtonLink } from "../../components/ButtonLink.tsx";
import { useListChoice } from "../../components/use-list-choice.ts";
import { paths } from "../../paths.ts";
import { Combobox } from "../../ui/Combobox.tsx";

interface MachineSourceProps {
  project: string;
  value: string;
  onChange: (machine: string) => void;
  error: string | undefined;
}

export function MachineSource({ project, value, onChange, error }: MachineSourceProps) {
  const { items, search } = useListChoice({
    page: (query) => pageOf("listVms", { query: { project, ...query } }),
    toItem: (machine) => ({ value: machine.name, label: machine.name, detail: machine.guestOs }),
    value,
    many: "machines",
  });
  const refusal = value === "" ? "Choose a machine." : undefined;
  const to = paths.vm(project, value === "" ? "-" : value, "snapshots");
  return (
    <div data-field="source.name" className="flex flex-col gap-3">
      <Combobox
        label="Machine"
        placeholder="Choose or search"
        value={value}
        onChange={onChange}
        items={items}
        search={search}
        emptyText="This project has no machine of that name."
        hint="A copy keeps the machine's size and settings, so it is made on the machine's own page."
        error={error}
      />
      <div className="flex flex-wrap gap-2">
        <ButtonLink to={to} search={{ ask: "clone" }} disabledReason={refusal} tone="primary">
          Clone it
        </ButtonLink>
        <ButtonLink to={to} disabledReason={refusal}>
          Choose one of its snapshots
        </ButtonLink>
      </div>
    </div>
  );
}
