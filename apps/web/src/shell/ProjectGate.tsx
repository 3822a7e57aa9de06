/** Stands before every page of a project: one that does not exist, or may not be seen, says so instead of looking empty. */
import { useQuery } from "@tanstack/react-query";
import { useRouterState } from "@tanstack/react-router";
import { SquareStack } from "lucide-react";
import type { ReactNode } from "react";
import { ApiError } from "../api/api-error.ts";
import { read } from "../api/queries.ts";
import { ButtonLink } from "../components/ButtonLink.tsx";
import { useProject } from "../components/use-place.ts";
import { useSession } from "../components/use-session.ts";
import { paths } from "../paths.ts";
import { EmptyState } from "../ui/States.tsx";

export function ProjectGate({ children }: { children: ReactNode }) {
  const project = useProject();
  const { supportContact } = useSession();
  // an image that the operator shares is seen by those who do not see its project; its own page says where it may not be
  const ofImage = useRouterState({ select: ({ location }) => /\/images\/./.test(location.pathname) });
  const { error } = useQuery({
    ...read("getProject", { params: { project: project ?? "" } }),
    enabled: project !== undefined,
  });
  const closed = error instanceof ApiError && (error.code === "not-found" || error.code === "forbidden");
  if (project === undefined || !closed || ofImage) return children;
  return (
    <EmptyState
      wholePage
      title={`The project ${project} is not open to you`}
      icon={<SquareStack size={28} strokeWidth={1.25} aria-hidden />}
      action={<ButtonLink to={paths.projects()}>Your projects</ButtonLink>}
    >
      It does not exist, or you have no right to see it. Ask {supportContact ?? "whoever manages it"} if you
      should.
    </EmptyState>
  );
}
