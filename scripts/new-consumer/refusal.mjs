/** A request that cannot be met, in words for whoever made it; nothing was written. */
export class Refusal extends Error {
  code = 'REFUSED';
}
