/** One secret: what it is for, its keys with their values hidden, what uses it, and who did what with it. */
import type { SecretDetail } from "@kubev/api-types/secrets";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { read } from "../../api/queries.ts";
import { ActivityFeed } from "../../components/ActivityFeed.tsx";
import { Age } from "../../components/Age.tsx";
import { ButtonLink } from "../../components/ButtonLink.tsx";
import { DetailFrame, DetailHeader, DetailLoader } from "../../components/DetailFrame.tsx";
import { disabledReason } from "../../components/reason-of.ts";
import { TabBody } from "../../components/TabBody.tsx";
import { useGo, useNamed } from "../../components/use-place.ts";
import { useTitle } from "../../components/use-title.ts";
import { paths } from "../../paths.ts";
import { reasonText } from "../../reasons/reason-text.ts";
import { Button } from "../../ui/Button.tsx";
import { Facts, Section } from "../../ui/Facts.tsx";
import { Notice } from "../../ui/States.tsx";
import { SecretDelete } from "./SecretDelete.tsx";
import { KeyDialog, SecretKeys } from "./SecretKeys.tsx";
import { sortWords } from "./secret-words.ts";
import { UsedBy } from "./UsedBy.tsx";

export function SecretPage() {
  const { project, name } = useNamed();
  useTitle(name);
  const query = useQuery(read("getSecret", { params: { project, name } }));
  return (
    <DetailLoader
      query={query}
      missing={`There is no secret ${name} in ${project}`}
      failed="The secret could not be loaded."
      back={<ButtonLink to={paths.secrets(project)}>Secrets and keys</ButtonLink>}
    >
      {(detail) => <Shown detail={detail} />}
    </DetailLoader>
  );
}

function Shown({ detail }: { detail: SecretDetail }) {
  const { row, warnings } = detail;
  const { project, name } = row;
  const go = useGo();
  const [open, setOpen] = useState<"add" | "delete" | null>(null);
  const close = () => setOpen(null);
  return (
    <DetailFrame
      header={
        <DetailHeader
          name={name}
          status={<span className="text-secondary">{sortWords[row.sort]}</span>}
          actions={
            <>
              <Button disabledReason={disabledReason(row.actions.edit)} onClick={() => setOpen("add")}>
                Add a key
              </Button>
              <Button disabledReason={disabledReason(row.actions.delete)} onClick={() => setOpen("delete")}>
                Delete
              </Button>
            </>
          }
        />
      }
    >
      <TabBody>
        {warnings.length === 0 ? null : (
          <Notice tone="attention">
            {warnings.map(({ reason }) => (
              <p key={reasonText(reason)}>{reasonText(reason)}</p>
            ))}
          </Notice>
        )}
        <div className="grid gap-x-10 gap-y-7 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
          <Section title="Keys">
            <SecretKeys detail={detail} />
          </Section>
          <div className="flex min-w-0 flex-col gap-7">
            <Section title="Secret">
              <Facts
                facts={[
                  { name: "Kind", value: sortWords[row.sort] },
                  {
                    name: "Type in Kubernetes",
                    value: <span className="font-mono text-xs break-all">{row.type}</span>,
                  },
                  { name: "Created", value: <Age iso={row.createdAt} ago /> },
                ]}
              />
            </Section>
            <Section title="Used by">
              <UsedBy project={project} uses={row.usedBy} />
            </Section>
          </div>
        </div>
        <Section title="Activity">
          <ActivityFeed query={{ project, noun: "secret", name }} />
        </Section>
      </TabBody>
      {open === "add" ? <KeyDialog detail={detail} onClose={close} /> : null}
      {open === "delete" ? (
        <SecretDelete
          secret={row}
          partial={warnings.length > 0}
          onClose={close}
          onDeleted={() => go(paths.secrets(project))}
        />
      ) : null}
    </DetailFrame>
  );
}
