/** What the page sends again by itself: a read whose answer got lost, never a deed. */
import { expect, test } from "vitest";
import { ApiError, type FailureCode } from "./api-error.ts";
import { createQueryClient } from "./query-client.ts";

const lost: FailureCode[] = ["network", "upstream-unavailable", "upstream-timeout", "draining"];

test.each(lost)("a deed that ends with %s is sent once, a read again", async (code) => {
  const client = createQueryClient(() => {});
  let [deeds, reads] = [0, 0];
  const failure = new ApiError({ code, httpStatus: 503, operation: "createVm" });
  const deed = client.getMutationCache().build(client, {
    mutationFn: async () => {
      deeds += 1;
      return Promise.reject(failure);
    },
  });
  await expect(deed.execute(undefined)).rejects.toBe(failure);
  await expect(
    client.fetchQuery({
      ...client.getDefaultOptions().queries,
      queryKey: [code],
      queryFn: async () => {
        reads += 1;
        return Promise.reject(failure);
      },
      retryDelay: 0,
    }),
  ).rejects.toBe(failure);
  expect([deeds, reads]).toEqual([1, 3]);
});
