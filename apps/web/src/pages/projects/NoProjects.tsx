/** What a person sees who may see nothing yet: why, and whom to ask. */
import { SquareStack } from "lucide-react";
import { useSession } from "../../components/use-session.ts";
import { CopyButton } from "../../ui/CopyButton.tsx";
import { EmptyState } from "../../ui/States.tsx";

export function NoProjects() {
  const { user, supportContact } = useSession();
  return (
    <EmptyState
      wholePage
      title="You may see nothing yet"
      icon={<SquareStack size={28} strokeWidth={1.25} aria-hidden />}
      action={<CopyButton text={[user.name, ...user.groups].join("\n")} label="Copy your name and groups" />}
    >
      You are signed in as {user.name}, but no project is open to you.{" "}
      {supportContact === undefined
        ? "Ask whoever runs this cluster to add you to a project."
        : `Ask ${supportContact} to add you to a project.`}{" "}
      Tell them your name{user.groups.length === 0 ? "." : " and your groups."}
    </EmptyState>
  );
}
