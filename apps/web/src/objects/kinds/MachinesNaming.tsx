/** Machines that name a type, a preference or a security group, of those that the person may see. */
import { AppLink } from "../../components/AppLink.tsx";
import { formatPlural } from "../../format/numbers.ts";
import { paths } from "../../paths.ts";
import { Section } from "../../ui/Facts.tsx";

interface MachinesNamingProps {
  usedBy: { total: number; machines: readonly { project: string; name: string }[] };
}

export function MachinesNaming({ usedBy }: MachinesNamingProps) {
  const more = usedBy.total - usedBy.machines.length;
  return (
    <Section title="Used by">
      {usedBy.total === 0 ? <p className="text-secondary">No machine that you may see names it.</p> : null}
      <ul className="flex flex-col gap-1">
        {usedBy.machines.map(({ project, name }) => (
          <li key={`${project}/${name}`} className="flex min-w-0 gap-2">
            <AppLink to={paths.vm(project, name)} className="truncate">
              {name}
            </AppLink>
            <span className="text-tertiary">{project}</span>
          </li>
        ))}
      </ul>
      {more > 0 ? <p className="text-secondary">And {formatPlural(more, "more", "more")}.</p> : null}
    </Section>
  );
}
