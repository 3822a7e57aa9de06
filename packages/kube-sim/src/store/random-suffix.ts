/** The end of a name that is made up. Source: k8s.io/apimachinery, util/rand. */
const alphabet = "bcdfghjklmnpqrstvwxz2456789";

/** Five letters and digits; `random` gives numbers from 0 to below 1. */
export function randomSuffix(random: () => number): string {
  return Array.from({ length: 5 }, () => alphabet[Math.floor(random() * alphabet.length)]).join("");
}
