/** OVN as Kube-OVN runs it: its databases and their leaders, its controller, and Open vSwitch and CNI on every host. */
import type { PlatformStatus } from "@kubev/api-types/platform-status";
import { AppLink } from "../../components/AppLink.tsx";
import { SimpleTable } from "../../components/SimpleTable.tsx";
import { formatPlural } from "../../format/numbers.ts";
import { paths } from "../../paths.ts";
import { reasonWithCause } from "../../reasons/reason-text.ts";
import { Section } from "../../ui/Facts.tsx";
import { Notice } from "../../ui/States.tsx";
import { StatusMark } from "../../ui/Status.tsx";

type Ovn = PlatformStatus["ovn"];
type Pod = Ovn["members"][number];

const databaseWords = {
  northbound: "Northbound database",
  southbound: "Southbound database",
  northd: "northd",
} as const;

export function OvnHealth({ ovn }: { ovn: Ovn }) {
  return (
    <Section title="OVN">
      {ovn.reason === undefined ? null : <Notice tone="attention">{reasonWithCause(ovn.reason)}</Notice>}
      {ovn.members.length === 0 && ovn.controllers.length === 0 ? null : (
        <div className="grid gap-x-12 gap-y-7 lg:grid-cols-2">
          <SimpleTable
            label="Databases"
            columns={["Database", "Led by"]}
            rows={ovn.databases.map(({ name, leader }) => ({
              key: name,
              cells: [
                databaseWords[name],
                leader === "" ? (
                  <StatusMark key="leader" tone="error">
                    Nobody
                  </StatusMark>
                ) : (
                  <StatusMark key="leader" tone="ok">
                    {leader}
                  </StatusMark>
                ),
              ],
            }))}
          />
          <SimpleTable
            label="Members and controllers"
            columns={["Pod", "Host", "State"]}
            rows={[...ovn.members, ...ovn.controllers].map((pod) => ({
              key: pod.name,
              cells: [pod.name, pod.host, <Readiness key="state" pod={pod} />],
            }))}
          />
        </div>
      )}
      {ovn.hosts.length === 0 ? null : <Hosts hosts={ovn.hosts} />}
    </Section>
  );
}

function Readiness({ pod }: { pod: Pod | null }) {
  if (pod === null) return <StatusMark tone="error">Missing</StatusMark>;
  return <StatusMark tone={pod.ready ? "ok" : "attention"}>{pod.ready ? "Ready" : "Not ready"}</StatusMark>;
}

function Hosts({ hosts }: { hosts: Ovn["hosts"] }) {
  const ill = hosts.filter(({ ovs, cni }) => ovs?.ready !== true || cni?.ready !== true);
  return (
    <>
      <p className="text-secondary">
        {ill.length === 0
          ? "Open vSwitch and the CNI are ready on every host."
          : `On ${formatPlural(ill.length, "host", "hosts")} Open vSwitch or the CNI is not ready: machines there may have no network.`}
      </p>
      <SimpleTable
        label="Hosts"
        columns={["Host", "Open vSwitch", "CNI"]}
        rows={[...ill, ...hosts.filter((host) => !ill.includes(host))].map(({ host, ovs, cni }) => ({
          key: host,
          cells: [
            <AppLink key="host" to={paths.host(host)} look="plain" className="font-medium">
              {host}
            </AppLink>,
            <Readiness key="ovs" pod={ovs} />,
            <Readiness key="cni" pod={cni} />,
          ],
        }))}
      />
    </>
  );
}
