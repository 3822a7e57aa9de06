/** The machine's network interfaces. */
import { SimpleTable } from "../../components/SimpleTable.tsx";
import { useTitle } from "../../components/use-title.ts";
import { CopyButton } from "../../ui/CopyButton.tsx";
import { EmptyState } from "../../ui/States.tsx";
import { StatusMark } from "../../ui/Status.tsx";
import { TabBody } from "../../components/TabBody.tsx";
import { useVm } from "./use-vm.ts";

export default function NetworkTab() {
  const { row, nics } = useVm();
  useTitle(`Network of ${row.name}`);
  if (nics.length === 0) return <EmptyState title="This machine has no network interface" />;
  return (
    <TabBody>
      <SimpleTable
        label={`Network interfaces of ${row.name}`}
        columns={["Name", "Link", "Addresses", "MAC", "Subnet", "VPC", "Binding", "Model"]}
        rows={nics.map((nic) => ({
          key: nic.name,
          cells: [
            <span key="n" className="font-medium">
              {nic.name}
            </span>,
            <StatusMark key="l" tone={nic.linkUp ? "ok" : "off"}>
              {nic.linkUp ? "Up" : "Down"}
            </StatusMark>,
            nic.ips.length === 0 ? (
              "None yet"
            ) : (
              <ul key="i">
                {nic.ips.map((ip) => (
                  <li key={ip} className="flex items-center gap-1 font-mono text-xs">
                    {ip}
                    <CopyButton text={ip} label={`Copy ${ip}`} iconOnly size="sm" />
                  </li>
                ))}
              </ul>
            ),
            <span key="m" className="font-mono text-xs whitespace-nowrap">
              {nic.mac}
            </span>,
            nic.subnet ?? "–",
            nic.vpc ?? "–",
            nic.binding,
            nic.model === "" ? "–" : nic.model,
          ],
        }))}
      />
    </TabBody>
  );
}
