/** Services: list, page and form. */
import { pageOf } from "../../api/queries.ts";
import { SimpleTable } from "../../components/SimpleTable.tsx";
import { FormSection } from "../../forms/form-parts.tsx";
import { ListOf } from "../../forms/ListOf.tsx";
import { useListChoice } from "../../components/use-list-choice.ts";
import { AppLink } from "../../components/AppLink.tsx";
import { paths } from "../../paths.ts";
import { Facts, Section } from "../../ui/Facts.tsx";
import { NumberField } from "../../ui/NumberField.tsx";
import { Select } from "../../ui/Select.tsx";
import { SuggestField } from "../../ui/SuggestField.tsx";
import { NameField } from "../NameField.tsx";
import { deletingState, type ObjectPage, readyState } from "../object-page.ts";

const types = [
  { value: "ClusterIP", label: "Inside the cluster (ClusterIP)" },
  { value: "NodePort", label: "On a port of every host (NodePort)" },
  { value: "LoadBalancer", label: "At an address of its own (LoadBalancer)" },
] as const;
const protocols = ["TCP", "UDP", "SCTP"].map((value) => ({ value, label: value })) as {
  value: "TCP" | "UDP" | "SCTP";
  label: string;
}[]; // as: made of these three

const shownOr = (values: readonly string[], none: string) => (values.length === 0 ? none : values.join(", "));

interface MachineFieldProps {
  project: string | undefined;
  value: string;
  onChange: (machine: string) => void;
  error: string | undefined;
}

function MachineField({ project, value, onChange, error }: MachineFieldProps) {
  const { items, search } = useListChoice({
    page: (query) =>
      pageOf("listVms", { query: { ...(project === undefined ? {} : { project }), ...query } }),
    toItem: (one) => ({ value: one.name, label: one.name, detail: one.guestOs }),
    // a name that is written need not be one there is: the preview says so
    value: "",
    many: "machines",
  });
  return (
    <div data-field="machine">
      <SuggestField
        label="Machine"
        value={value}
        onChange={(text) => onChange(text.trim())}
        error={error}
        items={items}
        search={search}
        maxLength={63}
        placeholder="web-1"
        emptyText="No machine of that name is known to you. It can be written all the same."
      />
    </div>
  );
}

export const servicePage: ObjectPage<"service"> = {
  noun: "service",
  placeholder: "Search by name or address, e.g. type:NodePort",
  hints: [
    { word: "type:LoadBalancer", detail: "By type" },
    { word: "label:app=web", detail: "By a label" },
  ],
  states: {
    ready: readyState,
    pending: { word: "Waiting for an address", tone: "working" },
    deleting: deletingState,
  },
  columns: [
    {
      id: "type",
      header: "Type",
      sortKey: "type",
      track: "minmax(110px,0.8fr)",
      cell: ({ facts }) => facts.type,
      csv: ({ facts }) => facts.type,
    },
    {
      id: "addresses",
      header: "Addresses",
      track: "minmax(150px,1.4fr)",
      cell: ({ facts }) => (
        <span className="tabular truncate">{shownOr([...facts.externalIps, ...facts.clusterIps], "–")}</span>
      ),
      csv: ({ facts }) => [...facts.externalIps, ...facts.clusterIps].join(" "),
    },
    {
      id: "ports",
      header: "Ports",
      track: "minmax(120px,1fr)",
      cell: ({ facts }) => <span className="tabular truncate">{shownOr(facts.ports, "–")}</span>,
      csv: ({ facts }) => facts.ports.join(" "),
    },
  ],
  empty:
    "A service gives what answers on machines or pods one lasting name and address, however often they are replaced.",
  narrow: (facts) => [facts.type, facts.ports.join(", ")],
  Overview: ({ detail: { row, detail } }) => {
    const machine = detail.selector["vm.kubevirt.io/name"];
    return (
      <>
        <Section title="Service">
          <Facts
            facts={[
              { name: "Type", value: row.facts.type },
              { name: "Name inside the cluster", value: `${row.name}.${row.project}.svc` },
              { name: "Cluster addresses", value: shownOr(row.facts.clusterIps, "None") },
              { name: "External addresses", value: shownOr(row.facts.externalIps, "None") },
              {
                name: "Answered by",
                value:
                  machine === undefined ? (
                    shownOr(
                      Object.entries(detail.selector).map(([key, value]) => `${key}=${value}`),
                      "Nothing: it has no selector",
                    )
                  ) : (
                    <AppLink to={paths.vm(row.project, machine)}>{machine}</AppLink>
                  ),
              },
            ]}
          />
        </Section>
        <Section title="Ports">
          <SimpleTable
            label="Ports"
            columns={["Name", "Protocol", "Port", "Port of the machine", "Port of the hosts"]}
            rows={detail.ports.map((port) => ({
              key: `${port.protocol}-${port.port}`,
              cells: [port.name || "–", port.protocol, port.port, port.targetPort, port.nodePort ?? "–"],
            }))}
          />
        </Section>
      </>
    );
  },
  deletion: () => "Its name and addresses no longer lead anywhere. The machines and pods behind it stay.",
  form: {
    lead: "One lasting name and address for what a machine answers.",
    initial: (_project, search) => ({
      name: search["machine"] ?? "",
      type: "ClusterIP",
      machine: search["machine"] ?? "",
      ports: [{ name: "", protocol: "TCP", port: 22, targetPort: 22 }],
    }),
    labels: {
      name: "Name",
      machine: "Machine",
      ports: "Ports",
      "ports.*.port": "Port",
      "ports.*.targetPort": "Port of the machine",
      "ports.*.nodePort": "Port of the hosts",
    },
    Fields: ({ project, spec, change, errorAt, existing }) => (
      <>
        <FormSection title="Service">
          <NameField
            name={spec.name}
            change={change}
            error={errorAt("name")}
            existing={existing}
            placeholder="web-1-ssh"
          />
          <MachineField
            project={project}
            value={spec.machine}
            onChange={(machine) => change({ machine })}
            error={errorAt("machine")}
          />
          <Select
            label="Reached"
            value={spec.type ?? "ClusterIP"}
            onChange={(type) => change({ type })}
            choices={types}
          />
        </FormSection>
        <FormSection title="Ports">
          <ListOf
            lines={spec.ports}
            onChange={(ports) => change({ ports })}
            blank={() => ({ name: "", protocol: "TCP" as const, port: 80, targetPort: 80 })}
            add="Add a port"
            nameOf={(port) => `port ${port.port}`}
            inLines
            max={50}
          >
            {(port, index, changePort) => (
              <div className="grid gap-3 sm:grid-cols-[7rem_1fr_1fr]">
                <Select
                  label="Protocol"
                  value={port.protocol ?? "TCP"}
                  onChange={(protocol) => changePort({ protocol })}
                  choices={protocols}
                />
                <div data-field={`ports.${index}.port`}>
                  <NumberField
                    label="Port"
                    unit=""
                    min={1}
                    max={65_535}
                    value={port.port}
                    onChange={(value) => changePort({ port: value ?? 0 })}
                    error={errorAt(`ports.${index}.port`)}
                  />
                </div>
                <div data-field={`ports.${index}.targetPort`}>
                  <NumberField
                    label="Port of the machine"
                    unit=""
                    min={1}
                    max={65_535}
                    value={port.targetPort}
                    onChange={(value) => changePort({ targetPort: value ?? 0 })}
                    error={errorAt(`ports.${index}.targetPort`)}
                  />
                </div>
              </div>
            )}
          </ListOf>
        </FormSection>
      </>
    ),
  },
};
