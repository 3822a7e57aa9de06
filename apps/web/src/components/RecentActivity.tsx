/** The last things done, in the platform or in one project. */
import { useQuery } from "@tanstack/react-query";
import { useLiveFeed } from "../api/live/use-live.ts";
import { read } from "../api/queries.ts";
import { paths } from "../paths.ts";
import { errorText } from "../reasons/error-text.ts";
import { Section } from "../ui/Facts.tsx";
import { SkeletonLines } from "../ui/Progress.tsx";
import { ActivityList } from "./ActivityList.tsx";
import { AppLink } from "./AppLink.tsx";

const shownAtMost = 8;

export function RecentActivity({ project }: { project?: string }) {
  useLiveFeed("activity", project);
  const query = { limit: shownAtMost, ...(project === undefined ? {} : { project }) };
  const { data, error } = useQuery(read("listActivity", { query }));
  return (
    <Section title="Activity" aside={<AppLink to={paths.activity(project)}>All</AppLink>}>
      {error === null ? null : (
        <p className="text-secondary">{errorText(error, "The activity could not be loaded.").title}</p>
      )}
      {data === undefined ? (
        error === null ? (
          <SkeletonLines label="Loading the activity" />
        ) : null
      ) : (
        <ActivityList rows={data.rows} brief />
      )}
    </Section>
  );
}
