/** A new VPC: a name, the projects that may use it, and its static routes. */
import type { StaticRoute } from "@kubev/api-types/vpcs";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Plus, X } from "lucide-react";
import { useState } from "react";
import { call } from "../../api/client.ts";
import { fieldsOf, formErrors } from "../../components/form-errors.ts";
import { ProjectsField } from "../../components/ProjectsField.tsx";
import { useGo } from "../../components/use-place.ts";
import { useNetworksRefused } from "../../components/use-network-rights.ts";
import { useTitle } from "../../components/use-title.ts";
import { FormPage, FormSection, goToField } from "../../forms/form-parts.tsx";
import { paths } from "../../paths.ts";
import { Button, IconButton } from "../../ui/Button.tsx";
import { Select } from "../../ui/Select.tsx";
import { Notice } from "../../ui/States.tsx";
import { TextField } from "../../ui/TextField.tsx";
import { toast } from "../../ui/toast.ts";

const labels: Record<string, string> = { name: "Name", projects: "Projects" };
const labelOf = (path: string) => {
  const route = /^staticRoutes\.(\d+)\.(cidr|nextHop)$/.exec(path);
  if (route === null) return labels[path] ?? "Static routes";
  return `Route ${Number(route[1]) + 1}, ${route[2] === "cidr" ? "CIDR" : "next hop"}`;
};

interface RouteLine extends StaticRoute {
  key: number;
}

export default function VpcCreatePage() {
  useTitle("Create a VPC");
  const go = useGo();
  const networksRefused = useNetworksRefused();
  const cache = useQueryClient();
  const [name, setName] = useState("");
  const [projects, setProjects] = useState<string[]>([]);
  const [routes, setRoutes] = useState<RouteLine[]>([]);
  const [tried, setTried] = useState(false);
  const create = useMutation({
    mutationFn: () =>
      call("createVpc", {
        body: { name, projects, staticRoutes: routes.map(({ key: _key, ...route }) => route) },
      }),
    onSuccess: async (made) => {
      toast.success(`${made.name} is being created.`);
      go(paths.vpc(made.name));
      await cache.invalidateQueries({ queryKey: ["listVpcs"] });
    },
  });
  const errors = formErrors(fieldsOf(create.error));
  const change = (key: number, part: Partial<StaticRoute>) =>
    setRoutes((before) => before.map((route) => (route.key === key ? { ...route, ...part } : route)));
  const submit = () => {
    setTried(true);
    if (name === "") goToField("name");
    else create.mutate();
  };
  return (
    <FormPage
      title="Create a VPC"
      lead="A network of its own: its subnets may use any addresses."
      verb="Create VPC"
      busy={create.isPending}
      disabledReason={networksRefused}
      top={networksRefused === undefined ? undefined : <Notice tone="attention">{networksRefused}</Notice>}
      onSubmit={submit}
      leave={paths.vpcs()}
      error={create.error}
      fields={errors.all}
      labelOf={labelOf}
      asideLabel="What to know"
      aside={<WhatToKnow />}
    >
      <FormSection title="VPC">
        <div data-field="name">
          <TextField
            label="Name"
            value={name}
            onChange={setName}
            error={tried && name === "" ? "Give the VPC a name." : errors.at("name")}
            maxLength={63}
            autoComplete="off"
            spellCheck={false}
            placeholder="customer-a"
            hint="Lower-case letters, digits and hyphens. It cannot be changed later."
          />
        </div>
        <ProjectsField
          label="Projects"
          hint="Only these projects may use its subnets."
          error={errors.at("projects")}
          value={projects}
          onChange={setProjects}
        />
      </FormSection>
      <FormSection title="Static routes">
        {routes.map((route, index) => (
          <div key={route.key} className="grid grid-cols-1 gap-3 sm:grid-cols-[1fr_1fr_9rem_2rem]">
            <div data-field={`staticRoutes.${index}.cidr`}>
              <TextField
                label="CIDR"
                mono
                value={route.cidr}
                onChange={(cidr) => change(route.key, { cidr: cidr.trim() })}
                placeholder="0.0.0.0/0"
                error={errors.at(`staticRoutes.${index}.cidr`)}
              />
            </div>
            <div data-field={`staticRoutes.${index}.nextHop`}>
              <TextField
                label="Next hop"
                mono
                value={route.nextHop}
                onChange={(nextHop) => change(route.key, { nextHop: nextHop.trim() })}
                placeholder="10.20.0.254"
                error={errors.at(`staticRoutes.${index}.nextHop`)}
              />
            </div>
            <Select
              label="By"
              value={route.by}
              onChange={(by) => change(route.key, { by })}
              choices={[
                { value: "destination", label: "Destination" },
                { value: "source", label: "Source" },
              ]}
            />
            <div className="sm:pt-6">
              <IconButton
                aria-label={`Remove the route ${route.cidr}`}
                icon={<X size={16} strokeWidth={1.5} aria-hidden />}
                onClick={() => setRoutes((before) => before.filter((other) => other.key !== route.key))}
              />
            </div>
          </div>
        ))}
        <div>
          <Button
            icon={<Plus size={16} strokeWidth={1.5} aria-hidden />}
            onClick={() =>
              setRoutes((before) => [
                ...before,
                { key: (before.at(-1)?.key ?? 0) + 1, cidr: "", nextHop: "", by: "destination" },
              ])
            }
          >
            Add a route
          </Button>
        </div>
      </FormSection>
    </FormPage>
  );
}

function WhatToKnow() {
  return (
    <div className="p-4">
      <Notice tone="attention">
        <p>A VPC of your own has no way out and no cluster DNS by itself.</p>
        <p className="text-secondary">
          Machines in it reach each other. For more, add a static route to a gateway, and name DNS servers in
          the machines.
        </p>
      </Notice>
    </div>
  );
}
