/** The newest machines of a project, live, so that a tenant finds his own where he arrives. */
import { useQuery } from "@tanstack/react-query";
import { useLiveList } from "../../api/live/use-live.ts";
import { readList } from "../../api/queries.ts";
import { Age } from "../../components/Age.tsx";
import { AppLink } from "../../components/AppLink.tsx";
import { VmStatus } from "../../components/VmStatus.tsx";
import { paths } from "../../paths.ts";
import { errorText } from "../../reasons/error-text.ts";
import { Section } from "../../ui/Facts.tsx";
import { SkeletonLines } from "../../ui/Progress.tsx";

const shown = 6;

export function ProjectMachines({ project }: { project: string }) {
  const query = { project, sort: "-created", pageSize: shown };
  const options = readList("listVms", { query });
  const { data, error } = useQuery(options);
  useLiveList("vms", query, options.queryKey);
  return (
    <Section title="Newest machines" aside={<AppLink to={paths.vms(project)}>All machines</AppLink>}>
      {data === undefined ? (
        error === null ? (
          <SkeletonLines lines={3} label="Loading machines" />
        ) : (
          <p className="text-secondary">{errorText(error, "The machines could not be loaded.").title}</p>
        )
      ) : (
        <ul className="flex flex-col gap-2">
          {data.rows.slice(0, shown).map((vm) => (
            <li key={vm.name} className="flex items-center gap-3">
              <span className="min-w-0 flex-1 truncate">
                <AppLink to={paths.vm(vm.project, vm.name)} look="plain" className="font-medium">
                  {vm.name}
                </AppLink>
                {vm.ips[0] === undefined ? null : (
                  <span className="tabular ml-2 text-xs text-tertiary">{vm.ips[0]}</span>
                )}
              </span>
              <VmStatus state={vm.state} />
              <span className="tabular w-14 shrink-0 text-right text-xs text-tertiary">
                <Age iso={vm.createdAt} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
