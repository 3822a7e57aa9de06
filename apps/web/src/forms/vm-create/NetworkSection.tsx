/** Where the machine is attached, and with which address. */
import { useSubnetChoices } from "../../components/use-choices.ts";
import { reasonText } from "../../reasons/reason-text.ts";
import { Combobox } from "../../ui/Combobox.tsx";
import { Notice } from "../../ui/States.tsx";
import { TextField } from "../../ui/TextField.tsx";
import type { SectionProps } from "./section.ts";

export function NetworkSection({ project, draft, change, errorAt }: SectionProps) {
  const { subnets } = useSubnetChoices(project);
  const usual = subnets.find((subnet) => subnet.isProjectDefault);
  const chosen = draft.subnet === "" ? usual : subnets.find((subnet) => subnet.name === draft.subnet);
  return (
    <div className="flex flex-col gap-4">
      <div data-field="nics.0.subnet">
        <Combobox
          label="Subnet"
          optional
          value={draft.subnet}
          onChange={(subnet) => change({ subnet })}
          placeholder={
            usual === undefined ? "The project's default" : `The project's default (${usual.name})`
          }
          items={subnets.map((subnet) => ({
            value: subnet.name,
            label: subnet.name,
            detail: `${subnet.cidrs.join(", ")} · ${subnet.availableIps} free`,
            group: subnet.vpc,
            disabledReason: subnet.ready ? undefined : "The subnet is not ready.",
          }))}
          emptyText="No subnet of that name is open to this project."
          error={errorAt("nics.0.subnet") ?? errorAt("nics.0") ?? errorAt("nics")}
          hint={
            chosen === undefined
              ? undefined
              : `${chosen.cidrs.join(", ")} in the VPC ${chosen.vpc}, ${chosen.availableIps} addresses free`
          }
        />
      </div>
      {chosen?.notes.map((note) => (
        <Notice key={note.code} tone="attention">
          {reasonText(note)}
        </Notice>
      ))}
      <div className="grid gap-4 sm:grid-cols-2">
        <div data-field="nics.0.ip">
          <TextField
            label="Fixed IP address"
            optional
            mono
            value={draft.ip}
            onChange={(ip) => change({ ip })}
            placeholder="Chosen for you"
            error={errorAt("nics.0.ip")}
          />
        </div>
        <div data-field="nics.0.mac">
          <TextField
            label="MAC address"
            optional
            mono
            value={draft.mac}
            onChange={(mac) => change({ mac })}
            placeholder="Chosen for you"
            error={errorAt("nics.0.mac")}
          />
        </div>
      </div>
    </div>
  );
}
