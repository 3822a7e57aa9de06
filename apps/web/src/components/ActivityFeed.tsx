/** The audit trail, page by page, for whatever the query narrows it to. */
import type { ActivityQuery } from "@kubev/api-types/activity";
import { useInfiniteQuery } from "@tanstack/react-query";
import { call } from "../api/client.ts";
import { useLiveFeed } from "../api/live/use-live.ts";
import { Button } from "../ui/Button.tsx";
import { SkeletonLines } from "../ui/Progress.tsx";
import { EmptyState } from "../ui/States.tsx";
import { ActivityList } from "./ActivityList.tsx";
import { LoadFailed } from "./LoadFailed.tsx";

interface ActivityFeedProps {
  query: Partial<ActivityQuery>;
  /** A person narrowed it: that there is nothing then says only that nothing matches. */
  narrowed?: boolean;
}

export function ActivityFeed({ query, narrowed = false }: ActivityFeedProps) {
  useLiveFeed("activity", query.project);
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: ["listActivity", { query, paged: true }],
    queryFn: ({ pageParam, signal }) =>
      call(
        "listActivity",
        { query: pageParam === null ? query : { ...query, before: pageParam } },
        { signal },
      ),
    initialPageParam: null as string | null, // as: the first page has no cursor
    getNextPageParam: (last) => last.nextBefore,
  });
  if (data === undefined)
    return error ? (
      <LoadFailed error={error} what="The activity could not be loaded." onRetry={() => void refetch()} />
    ) : (
      <SkeletonLines label="Loading activity" />
    );
  const rows = data.pages.flatMap((page) => page.rows);
  if (rows.length === 0 && narrowed)
    return (
      <EmptyState title="Nothing that was done matches this">
        Choose a longer time, another person or any outcome.
      </EmptyState>
    );
  if (rows.length === 0)
    return (
      <EmptyState title="Nothing was done through the console yet">
        Every change and every console session that goes through it is kept here: who, what, when and how it
        went. What other clients do is not.
      </EmptyState>
    );
  return (
    <>
      <ActivityList rows={rows} />
      {hasNextPage ? (
        <Button className="self-start" busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          Show older
        </Button>
      ) : null}
    </>
  );
}
