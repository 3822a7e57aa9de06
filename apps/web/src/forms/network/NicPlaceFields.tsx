/** Where a machine's first interface is: the same fields when it is made and when it is changed. */
import type { NicPlace } from "@kubev/api-types/vm-create";
import { formatAddressCount } from "../../components/network-words.ts";
import { useSubnetChoices } from "../../components/use-choices.ts";
import { NounsField } from "../../objects/NounsField.tsx";
import { reasonText } from "../../reasons/reason-text.ts";
import { Combobox } from "../../ui/Combobox.tsx";
import { Notice } from "../../ui/States.tsx";
import { TextField } from "../../ui/TextField.tsx";
import { LinesField } from "../LinesField.tsx";

interface NicPlaceFieldsProps {
  project: string;
  /** Of the form's paths, e.g. `nic.`. */
  prefix: string;
  place: NicPlace;
  change: (part: Partial<NicPlace>) => void;
  /** Whether the subnet is being chosen: what to know of it first is said only then. */
  choosing: boolean;
  errorAt: (path: string) => string | undefined;
}

export function NicPlaceFields({ project, prefix, place, choosing, change, errorAt }: NicPlaceFieldsProps) {
  const { subnets } = useSubnetChoices(project);
  const usual = subnets.find((subnet) => subnet.isProjectDefault);
  const chosen = place.subnet === "" ? usual : subnets.find((subnet) => subnet.name === place.subnet);
  const at = (field: keyof NicPlace) => `${prefix}${field}`;
  return (
    <div className="flex flex-col gap-4">
      <div data-field={at("subnet")}>
        <Combobox
          label="Subnet"
          optional
          value={place.subnet}
          onChange={(subnet) => change({ subnet })}
          placeholder={
            usual === undefined ? "The project's default" : `The project's default (${usual.name})`
          }
          items={subnets.map((subnet) => ({
            value: subnet.name,
            label: subnet.name,
            detail: `${subnet.cidrs.join(", ")} · ${formatAddressCount(subnet.availableIps)} free`,
            group: subnet.vpc,
            disabledReason: subnet.ready ? undefined : "The subnet is not ready.",
          }))}
          emptyText="No subnet of that name is open to this project."
          error={errorAt(at("subnet"))}
          hint={
            chosen === undefined
              ? undefined
              : `${chosen.cidrs.join(", ")} in the VPC ${chosen.vpc}, ${formatAddressCount(chosen.availableIps)} addresses free`
          }
        />
      </div>
      {(choosing ? chosen?.notes : undefined)?.map((note) => (
        <Notice key={note.code} tone="attention">
          {reasonText(note)}
        </Notice>
      ))}
      <div className="grid gap-4 sm:grid-cols-2">
        <LinesField
          field={at("ips")}
          label="Fixed IP addresses"
          optional
          value={place.ips}
          onChange={(ips) => change({ ips })}
          placeholder="Chosen for you"
          hint="One a line, one of each family at most."
          error={errorAt(at("ips")) ?? errorAt(`${at("ips")}.0`) ?? errorAt(`${at("ips")}.1`)}
        />
        <div data-field={at("mac")}>
          <TextField
            label="MAC address"
            optional
            mono
            value={place.mac}
            onChange={(mac) => change({ mac: mac.trim() })}
            placeholder="Chosen for you"
            error={errorAt(at("mac"))}
          />
        </div>
      </div>
      <fieldset className="flex min-w-0 flex-col gap-1.5">
        <legend className="pb-1 font-medium">Security groups</legend>
        <p className="text-xs text-tertiary">
          With one, only what the rules of its groups allow reaches the machine and leaves it.
        </p>
        <NounsField
          noun="security-group"
          field={at("securityGroups")}
          label="Security group"
          add="Add a security group"
          max={16}
          value={place.securityGroups}
          onChange={(securityGroups) => change({ securityGroups })}
          errorAt={errorAt}
        />
      </fieldset>
    </div>
  );
}
