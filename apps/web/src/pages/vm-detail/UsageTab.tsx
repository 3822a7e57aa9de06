/** What the machine uses of what it was given. */
import { read } from "../../api/queries.ts";
import { UsageCharts, useUsageRange } from "../../components/UsageCharts.tsx";
import { useNamed } from "../../components/use-place.ts";
import { useTitle } from "../../components/use-title.ts";

export default function UsageTab() {
  const params = useNamed();
  const range = useUsageRange();
  useTitle(`Usage of ${params.name}`);
  return (
    <UsageCharts
      usage={read("getVmUsage", { params, query: { range } })}
      absent="Figures come while the machine runs."
    />
  );
}
