/** A mutation that is not sent a second time while it is under way: the second half of a double click, a key held down. */
import { useMutation, type UseMutationOptions, type UseMutationResult } from "@tanstack/react-query";
import { useRef } from "react";

type Single<Reply, Input> = Omit<UseMutationResult<Reply, Error, Input>, "mutateAsync">;

/**
 * Like `useMutation`, whose `isPending` reaches the button only after the event: until then a second press comes through.
 * The same asked of something else (another row) is another request.
 */
export function useSingleMutation<Reply, Input = void>(
  options: UseMutationOptions<Reply, Error, Input> & { mutationFn: (input: Input) => Promise<Reply> },
): Single<Reply, Input> {
  const underWay = useRef(new Set<string>());
  const {
    mutateAsync: _,
    mutate,
    ...mutation
  } = useMutation<Reply, Error, Input>({
    ...options,
    mutationFn: async (input) => {
      try {
        return await options.mutationFn(input);
      } finally {
        underWay.current.delete(keyOf(input));
      }
    },
  });
  return {
    ...mutation,
    mutate: (...asked: Parameters<typeof mutate>) => {
      const key = keyOf(asked[0]);
      if (underWay.current.has(key)) return;
      underWay.current.add(key);
      mutate(...asked);
    },
  };
}

const keyOf = (input: unknown): string => JSON.stringify(input) ?? "";
