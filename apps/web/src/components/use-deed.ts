/** Asks the server for one deed; done, it is said, the question closed, and what shows it fetched again, in this order. */
import type { OperationName } from "@kubev/api-types/endpoint-paths";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { toast } from "../ui/toast.ts";

interface Deed<Input, Reply> {
  run: (input: Input) => Promise<Reply>;
  /** What is said when it is done; nothing for undefined. */
  done: (reply: Reply, input: Input) => string | undefined;
  /** Reads that show it. */
  shownBy: readonly OperationName[];
  /** Closes what asked for it, or goes on; before anything is fetched again. */
  onDone?: ((reply: Reply) => unknown) | undefined;
}

export function useDeed<Reply, Input = void>({ run, done, shownBy, onDone }: Deed<Input, Reply>) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: run,
    onSuccess: async (reply, input) => {
      const said = done(reply, input);
      if (said !== undefined) toast.success(said);
      onDone?.(reply);
      for (const operation of shownBy) await cache.invalidateQueries({ queryKey: [operation] });
    },
  });
}
