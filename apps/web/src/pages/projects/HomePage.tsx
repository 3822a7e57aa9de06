/** The start: what needs an operator, the one project that a tenant has, else the choice among several. */
import { useQuery } from "@tanstack/react-query";
import { Navigate } from "@tanstack/react-router";
import { readList } from "../../api/queries.ts";
import { LoadFailed } from "../../components/LoadFailed.tsx";
import { useSession } from "../../components/use-session.ts";
import { useTitle } from "../../components/use-title.ts";
import { paths } from "../../paths.ts";
import { SkeletonLines } from "../../ui/Progress.tsx";
import { NoProjects } from "./NoProjects.tsx";

export default function HomePage() {
  useTitle("Start");
  const { areas } = useSession();
  const operates = areas?.platform === true && areas.hosts;
  const { data, error, refetch } = useQuery({
    ...readList("listProjects", { query: { pageSize: 200, sort: "name" } }),
    enabled: !operates,
  });
  if (operates) return <Navigate to={paths.platformOverview()} replace />;
  if (data === undefined)
    return error ? (
      <LoadFailed error={error} what="Your projects could not be loaded." onRetry={() => void refetch()} />
    ) : (
      <div className="px-5 py-6">
        <SkeletonLines label="Loading your projects" />
      </div>
    );
  const only = data.rows.length === 1 ? data.rows[0] : undefined;
  if (only) return <Navigate to={paths.project(only.name)} replace />;
  // whoever may make the first one finds the way to it in the list
  return data.rows.length === 0 && areas?.createProject !== true ? (
    <NoProjects />
  ) : (
    <Navigate to={paths.projects()} replace />
  );
}
