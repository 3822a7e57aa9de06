/** Asks the server for one deed; done, it is said, the question closed, and what shows it fetched again, in this order. */
import type { OperationName } from "@kubev/api-types/endpoint-paths";
import { useQueryClient } from "@tanstack/react-query";
import { useSingleMutation } from "../api/single-mutation.ts";
import { errorLine } from "../reasons/error-text.ts";
import { toast } from "../ui/toast.ts";

/** Done in part, or not done although the request was answered. */
interface Trouble {
  but: string;
  because?: string | undefined;
}

interface Deed<Reply, Input> {
  run: (input: Input) => Promise<Reply>;
  /** What is said about it; nothing where what follows says enough. */
  done?: (reply: Reply, input: Input) => string | Trouble | undefined;
  /** Reads that show it. */
  shownBy: readonly OperationName[];
  /** They are fetched again after a refusal too: it may have been asked of something that has changed. */
  refetch?: "always";
  /** Closes what asked for it; before anything is fetched again. */
  onDone?: ((reply: Reply, input: Input) => unknown) | undefined;
  /** For what must not be seen with the old values: forgets a draft, leaves a form. */
  onFetched?: (reply: Reply, input: Input) => unknown;
  /** The title of a refusal, where no open question shows `error` beside its button. */
  failed?: (input: Input) => string;
  /** Neither what was sent nor the answer stays in memory: it is secret. */
  forget?: true;
}

function say({ but, because }: Trouble): void {
  toast.error(but, because === undefined ? undefined : { description: because, durationMs: 12_000 });
}

export function useDeed<Reply, Input = void>(deed: Deed<Reply, Input>) {
  const cache = useQueryClient();
  const fetchAgain = async () => {
    for (const operation of deed.shownBy) await cache.invalidateQueries({ queryKey: [operation] });
  };
  return useSingleMutation({
    mutationFn: deed.run,
    onSuccess: async (reply, input) => {
      const said = deed.done?.(reply, input);
      if (typeof said === "string") toast.success(said);
      else if (said !== undefined) say(said);
      deed.onDone?.(reply, input);
      await fetchAgain();
      deed.onFetched?.(reply, input);
    },
    onError: async (error, input) => {
      if (deed.failed !== undefined) say({ but: deed.failed(input), because: errorLine(error) });
      if (deed.refetch === "always") await fetchAgain();
    },
    ...(deed.forget === true ? { gcTime: 0 } : {}),
  });
}
