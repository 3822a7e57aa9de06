/** The machines that take most now, of the platform or of one project. */
import type { TopMachines as Reply } from "@kubev/api-types/usage";
import { useQuery } from "@tanstack/react-query";
import { read } from "../api/queries.ts";
import { formatBytes, formatCores } from "../format/numbers.ts";
import { paths } from "../paths.ts";
import { errorText } from "../reasons/error-text.ts";
import { reasonWithCause } from "../reasons/reason-text.ts";
import { Section } from "../ui/Facts.tsx";
import { SkeletonLines } from "../ui/Progress.tsx";
import { AppLink } from "./AppLink.tsx";

const everyMs = 30_000;

interface RankedProps {
  title: string;
  rows: Reply["byCpu"];
  format: (amount: number) => string;
  withProject: boolean;
}

function Ranked({ title, rows, format, withProject }: RankedProps) {
  return (
    <div className="min-w-0 flex-1 basis-48">
      <h3 className="mb-1.5 text-xs font-medium text-tertiary">{title}</h3>
      <ol className="flex flex-col gap-1.5">
        {rows.map(({ project, name, amount }) => (
          <li key={`${project}/${name}`} className="flex justify-between gap-3">
            <span className="min-w-0 truncate">
              <AppLink to={paths.vm(project, name)} look="plain">
                {name}
              </AppLink>
              {withProject ? <span className="text-tertiary"> {project}</span> : null}
            </span>
            <span className="tabular shrink-0 text-secondary">{format(amount)}</span>
          </li>
        ))}
      </ol>
    </div>
  );
}

export function TopMachines({ project }: { project?: string }) {
  const { data, error } = useQuery({
    ...read("getTopMachines", { query: project === undefined ? {} : { project } }),
    refetchInterval: everyMs,
  });
  const withProject = project === undefined;
  const note = data?.notes[0];
  return (
    <Section title="Busiest machines">
      {data === undefined ? (
        error === null ? (
          <SkeletonLines lines={3} label="Loading usage" />
        ) : (
          <p className="text-secondary">{errorText(error, "Usage could not be loaded.").title}</p>
        )
      ) : data.byCpu.length === 0 ? (
        <p className="text-secondary">
          {note === undefined ? "No running machine is measured." : reasonWithCause(note)}
        </p>
      ) : (
        <div className="flex flex-wrap gap-x-10 gap-y-4">
          {data.notes.map((one) => (
            <p key={one.code} className="w-full text-xs text-tertiary">
              {reasonWithCause(one)}
            </p>
          ))}
          <Ranked title="Processors" rows={data.byCpu} format={formatCores} withProject={withProject} />
          <Ranked title="Memory" rows={data.byMemory} format={formatBytes} withProject={withProject} />
          {withProject ? (
            <div className="min-w-0 flex-1 basis-48">
              <h3 className="mb-1.5 text-xs font-medium text-tertiary">Projects</h3>
              <ol className="flex flex-col gap-1.5">
                {data.projects.map((one) => (
                  <li key={one.project} className="flex justify-between gap-3">
                    <AppLink to={paths.project(one.project)} look="plain" className="min-w-0 truncate">
                      {one.project}
                    </AppLink>
                    <span className="tabular shrink-0 text-secondary">
                      {formatCores(one.cpuCores)}, {formatBytes(one.memoryBytes)}
                    </span>
                  </li>
                ))}
              </ol>
            </div>
          ) : null}
        </div>
      )}
    </Section>
  );
}
