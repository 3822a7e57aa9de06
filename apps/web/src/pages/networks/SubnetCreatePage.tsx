/** A new subnet: the form, and beside it what the VPC has free, what is wrong, and the YAML it becomes. */
import type { SubnetCreate, SubnetPreview } from "@kubev/api-types/subnets";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "../../api/client.ts";
import { readList } from "../../api/queries.ts";
import { fieldsOf, formErrors } from "../../components/form-errors.ts";
import { formatAddressCount } from "../../components/network-words.ts";
import { ProjectsField } from "../../components/ProjectsField.tsx";
import { useGo, useUrlSearch } from "../../components/use-place.ts";
import { useNetworksRefused } from "../../components/use-network-rights.ts";
import { useTitle } from "../../components/use-title.ts";
import { FormPage, FormSection, goToField, linesOf } from "../../forms/form-parts.tsx";
import { useChecked } from "../../forms/use-checked.ts";
import { SpacePicture } from "../../forms/network/SpacePicture.tsx";
import { paths } from "../../paths.ts";
import { errorText } from "../../reasons/error-text.ts";
import { reasonText } from "../../reasons/reason-text.ts";
import { Button } from "../../ui/Button.tsx";
import { CheckField } from "../../ui/Checkbox.tsx";
import { CopyButton } from "../../ui/CopyButton.tsx";
import { Select } from "../../ui/Select.tsx";
import { Notice } from "../../ui/States.tsx";
import { StatusMark } from "../../ui/Status.tsx";
import { TextArea, TextField } from "../../ui/TextField.tsx";
import { toast } from "../../ui/toast.ts";

const labels: Record<string, string> = {
  "": "Subnet",
  name: "Name",
  vpc: "VPC",
  cidrV4: "IPv4 CIDR",
  cidrV6: "IPv6 CIDR",
  gatewayV4: "IPv4 gateway",
  gatewayV6: "IPv6 gateway",
  excludeIps: "Excluded addresses",
  projects: "Projects",
  allowSubnets: "Who may reach it",
};

const prefixes = [16, 18, 20, 22, 23, 24, 25, 26, 27, 28].map((prefix) => ({
  value: String(prefix),
  label: `/${prefix}`,
}));

function usePreview(body: SubnetCreate, prefix: number) {
  return useChecked({
    key: ["previewSubnet"],
    asked: { ...body, prefix },
    ask: async (asked, signal) => call("previewSubnet", { body: asked }, { signal }),
  });
}

export default function SubnetCreatePage() {
  useTitle("Create a subnet");
  const go = useGo();
  const networksRefused = useNetworksRefused();
  const cache = useQueryClient();
  const named = useUrlSearch()["vpc"];
  const vpcs = useQuery(readList("listVpcs", { query: { pageSize: 200, sort: "name" } })).data?.rows ?? [];
  const [form, setForm] = useState<SubnetCreate>({
    name: "",
    vpc: named ?? "ovn-cluster",
    cidrV4: "",
    cidrV6: "",
    gatewayV4: "",
    gatewayV6: "",
    excludeIps: [],
    projects: [],
    natOutgoing: named === undefined || named === "ovn-cluster",
    isPrivate: false,
    allowSubnets: [],
    enableDhcp: false,
  });
  const [excluded, setExcluded] = useState("");
  const [allowedText, setAllowedText] = useState("");
  const [prefix, setPrefix] = useState("24");
  const [tried, setTried] = useState(false);
  const change = (part: Partial<SubnetCreate>) => setForm((before) => ({ ...before, ...part }));
  const body: SubnetCreate = { ...form, excludeIps: linesOf(excluded), allowSubnets: linesOf(allowedText) };
  const { query: preview, current } = usePreview(body, Number(prefix));
  const create = useMutation({
    mutationFn: () => call("createSubnet", { body }),
    onSuccess: async (made) => {
      toast.success(`${made.name} is being created.`);
      go(paths.subnet(undefined, made.name));
      await cache.invalidateQueries({ queryKey: ["listSubnets"] });
      await cache.invalidateQueries({ queryKey: ["listVpcs"] });
    },
  });
  const vpc = vpcs.find((one) => one.name === form.vpc);
  const found = current ? (preview.data?.fields ?? []) : [];
  // what is merely not filled in yet is said only once somebody tried
  const shown = tried ? found : found.filter((field) => field.reason.code !== "field-required");
  const refused = formErrors(fieldsOf(create.error));
  const errors = formErrors(shown);
  const errorAt = (path: string) => errors.at(path) ?? (current ? undefined : refused.at(path));
  const submit = () => {
    setTried(true);
    const first = found[0];
    if (first === undefined) create.mutate();
    else goToField(first.path);
  };
  const nextFree = preview.data?.nextFree ?? null;
  return (
    <FormPage
      title="Create a subnet"
      lead="A range of addresses in a VPC, for the machines of some projects."
      verb="Create subnet"
      busy={create.isPending}
      disabledReason={networksRefused}
      top={networksRefused === undefined ? undefined : <Notice tone="attention">{networksRefused}</Notice>}
      onSubmit={submit}
      leave={paths.subnets(undefined)}
      error={create.error}
      fields={refused.all}
      labelOf={(path) => labels[path] ?? path}
      asideLabel="Preview"
      aside={<Summary preview={preview.data} error={preview.error} vpc={form.vpc} current={current} />}
    >
      <FormSection title="Subnet">
        <div data-field="name">
          <TextField
            label="Name"
            value={form.name}
            onChange={(name) => change({ name })}
            error={errorAt("name")}
            maxLength={63}
            autoComplete="off"
            spellCheck={false}
            placeholder="web-front"
            hint="Lower-case letters, digits and hyphens. It cannot be changed later."
          />
        </div>
        <div data-field="vpc">
          <Select
            label="VPC"
            value={form.vpc}
            onChange={(name) => change({ vpc: name, projects: [], natOutgoing: name === "ovn-cluster" })}
            choices={
              vpcs.length === 0
                ? [{ value: form.vpc, label: form.vpc }]
                : vpcs.map((one) => ({ value: one.name, label: one.name }))
            }
            error={errorAt("vpc")}
          />
        </div>
      </FormSection>
      <FormSection title="Addresses">
        <div className="grid gap-4 sm:grid-cols-2">
          <div data-field="cidrV4">
            <TextField
              label="IPv4 CIDR"
              mono
              value={form.cidrV4}
              onChange={(cidrV4) => change({ cidrV4: cidrV4.trim() })}
              placeholder={nextFree ?? "10.20.0.0/24"}
              error={errorAt("cidrV4")}
            />
          </div>
          <div className="flex items-start gap-2">
            <Select
              label="Next free block"
              value={prefix}
              onChange={setPrefix}
              choices={prefixes}
              className="w-24"
            />
            <Button
              className="mt-6"
              disabledReason={nextFree === null ? "No block of this size is free." : undefined}
              onClick={() => change({ cidrV4: nextFree ?? "" })}
            >
              Use {nextFree ?? "it"}
            </Button>
          </div>
          <div data-field="gatewayV4">
            <TextField
              label="IPv4 gateway"
              optional
              mono
              value={form.gatewayV4}
              onChange={(gatewayV4) => change({ gatewayV4: gatewayV4.trim() })}
              placeholder="The first address"
              error={errorAt("gatewayV4")}
            />
          </div>
          <div data-field="cidrV6" className="sm:col-start-1">
            <TextField
              label="IPv6 CIDR"
              optional
              mono
              value={form.cidrV6}
              onChange={(cidrV6) => change({ cidrV6: cidrV6.trim() })}
              placeholder="fd00:20::/64"
              hint="With both, machines get an address of each family."
              error={errorAt("cidrV6")}
            />
          </div>
          {form.cidrV6 === "" ? null : (
            <div data-field="gatewayV6">
              <TextField
                label="IPv6 gateway"
                optional
                mono
                value={form.gatewayV6}
                onChange={(gatewayV6) => change({ gatewayV6: gatewayV6.trim() })}
                placeholder="The first address"
                error={errorAt("gatewayV6")}
              />
            </div>
          )}
        </div>
        <div data-field="excludeIps">
          <TextArea
            label="Excluded addresses"
            optional
            mono
            rows={2}
            value={excluded}
            onChange={setExcluded}
            placeholder="10.20.0.2..10.20.0.9"
            hint="One address or range on each line; machines never get them by themselves."
            error={errorAt("excludeIps")}
          />
        </div>
        <CheckField
          label="Answer DHCP"
          hint="Needed by machines that take their address themselves."
          checked={form.enableDhcp}
          onChange={(enableDhcp) => change({ enableDhcp })}
        />
      </FormSection>
      <FormSection title="Who may use and reach it">
        <ProjectsField
          label="Projects"
          hint={
            vpc === undefined || vpc.isDefault
              ? "Without any, every project may use it."
              : "Projects of the VPC. Without any, all of them may use it."
          }
          error={errorAt("projects")}
          value={form.projects}
          onChange={(projects) => change({ projects })}
          among={vpc === undefined || vpc.isDefault ? undefined : vpc.projects}
        />
        <CheckField
          label="Private"
          hint="Other subnets cannot reach it, but those listed."
          checked={form.isPrivate}
          onChange={(isPrivate) => change({ isPrivate })}
        />
        {form.isPrivate ? (
          <div data-field="allowSubnets">
            <TextArea
              label="Who may reach it"
              optional
              mono
              rows={2}
              value={allowedText}
              onChange={setAllowedText}
              placeholder="10.30.0.0/24"
              hint="One CIDR on each line."
              error={errorAt("allowSubnets")}
            />
          </div>
        ) : null}
        <CheckField
          label="Outgoing NAT"
          hint="Machines reach other networks with their host's address. Works in the default VPC only."
          checked={form.natOutgoing}
          onChange={(natOutgoing) => change({ natOutgoing })}
        />
      </FormSection>
    </FormPage>
  );
}

interface SummaryProps {
  preview: SubnetPreview | undefined;
  error: unknown;
  vpc: string;
  current: boolean;
}

function Summary({ preview, error, vpc, current }: SummaryProps) {
  if (error) {
    const problem = errorText(error);
    return (
      <div className="p-4">
        <Notice tone="error">
          {problem.title} {problem.upstreamText}
        </Notice>
      </div>
    );
  }
  if (preview === undefined) return null;
  const missing = preview.fields.every((field) => field.reason.code === "field-required");
  const whole = preview.fields.filter((field) => field.path === "");
  return (
    <div className="flex flex-col gap-6 p-4">
      <div role="status" className="flex flex-col gap-1">
        <p className="text-base font-medium">
          {preview.creatable ? (
            <StatusMark tone="ok">It can be created</StatusMark>
          ) : missing ? (
            <StatusMark tone="off">It needs a name and a range of addresses</StatusMark>
          ) : (
            <StatusMark tone="error">It cannot be created like this</StatusMark>
          )}
        </p>
        <p className="text-secondary">
          {!current
            ? "Checking."
            : preview.addressCount === ""
              ? ""
              : `The range has ${formatAddressCount(preview.addressCount)} addresses.`}
        </p>
        {whole.map((field) => (
          <p key={field.reason.code} className="text-error">
            {reasonText(field.reason)} {field.reason.upstreamText}
          </p>
        ))}
      </div>
      {preview.notes.length === 0 ? null : (
        <Notice tone="attention">
          {preview.notes.map((note) => (
            <p key={note.code}>{reasonText(note)}</p>
          ))}
        </Notice>
      )}
      <section className="flex flex-col gap-2">
        <h2 className="text-xs text-tertiary">Address space of {vpc}</h2>
        <SpacePicture space={preview.space} />
      </section>
      <section className="flex flex-col gap-1.5">
        <div className="flex items-center justify-between">
          <h2 className="text-xs text-tertiary">YAML</h2>
          <CopyButton text={preview.yaml} label="Copy YAML" size="sm" />
        </div>
        <pre className="rounded-md border border-stroke bg-surface p-3 font-mono text-xs whitespace-pre-wrap break-words">
          {preview.yaml}
        </pre>
      </section>
    </div>
  );
}
